using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Splitting;

public sealed class Splits : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sides_have_their_shares_and_hold_every_row_once()
    {
        using var data = Tables.Import(_folder, Tables.Normal(70_000, 2));
        var split = Split.Of(data, new(Seed: 3, Validation: 0.1, Test: 0.2));
        Assert.Equal(70_000, split.TrainRows + split.ValidationRows + split.TestRows);
        Assert.InRange(split.ValidationRows, 6_700, 7_300);
        Assert.InRange(split.TestRows, 13_600, 14_400);

        var all = Enum.GetValues<RowSide>().SelectMany(side => Gather(split, side)).Order();
        Assert.Equal(Read(data).Order(), all);
    }

    [Fact]
    public void Equal_rows_fall_on_one_side()
    {
        var table = new double[5000, 2];
        for (var row = 0; row < 5000; row++)
            (table[row, 0], table[row, 1]) = (row % 50 + 0.5, (row % 50 * 7) % 11);
        using var data = Tables.Import(_folder, table);
        var split = Split.Of(data, new(1, 0.2, 0.2));
        Assert.True(split is { TrainRows: > 0, ValidationRows: > 0, TestRows: > 0 });
        Assert.Empty(Gather(split, RowSide.Train).Intersect(Gather(split, RowSide.Test)));
        Assert.Empty(Gather(split, RowSide.Train).Intersect(Gather(split, RowSide.Validation)));
    }

    [Theory]
    [InlineData("a,city", "category")]
    [InlineData("a", "")]
    [InlineData("a,b", "lattice:0.25")]
    public void Rows_whose_values_repeat_by_nature_are_held_out_one_by_one(string columns, string kind)
    {
        var file = _folder.Write("t.csv", "a,city,b\n" + string.Concat(Enumerable.Range(0, 4_000).Select(row => $"{row * row % 5},{(row % 3 == 0 ? "Bern" : "Chur")},{(row % 4) / 4.0:0.00}\n")));
        var kinds = Tables.All("").Kinds;
        using var data = Tables.Import(_folder, Tables.Of(file, columns.Split(',')) with { Kinds = kind == "" ? kinds : kinds.Add(columns[2..], kind) });
        var split = Split.Of(data, new(1, 0.1, 0));
        Assert.InRange(split.ValidationRows, 320, 480);
        Assert.Equal(Gather(split, RowSide.Train).Distinct().Order(), Gather(split, RowSide.Validation).Distinct().Order());
        foreach (var dense in new[] { "number", "robust", "bounded:-1:9" })
        {
            using var together = Tables.Import(_folder, Tables.Of(file, "a") with { Kinds = kinds.Add("a", dense) }); // also where the same column was imported before
            Assert.Equal(3, together.Keys(0).ToArray().Distinct().Count()); // they would be learned by heart
        }
    }

    [Fact]
    public void Every_column_has_a_say_in_the_side_of_a_row()
    {
        foreach (var column in new[] { 0, 1 })
        {
            var table = Tables.Normal(5000, 2);
            for (var row = 0; row < 5000; row++)
                table[row, column] = row % 2;
            using var data = Tables.Import(_folder, table);
            Assert.InRange(Split.Of(data, new(1, 0.1, 0.2)).TestRows, 850, 1150);
        }
    }

    [Fact]
    public void Zero_and_minus_zero_are_equal_rows()
    {
        var table = new double[64, 1];
        for (var row = 0; row < 64; row++)
            table[row, 0] = (row % 4) switch { 0 => 0, 1 => -0.0, 2 => 1.5, _ => -1 };
        using var data = Tables.Import(_folder, table);
        Assert.Equal(3, data.Block(0).ToArray().Select(BitConverter.SingleToInt32Bits).Distinct().Count());
        Assert.Equal(3, data.Keys(0).ToArray().Distinct().Count());
    }

    [Fact]
    public void A_row_keeps_its_side_whatever_rows_are_added()
    {
        var (few, many) = (Tables.Normal(3000, 2), Tables.Normal(4000, 2)); // the second begins with the first
        for (var row = 3000; row < 4000; row++)
            (many[row, 0], many[row, 1]) = (1000 + many[row, 0], many[row, 1] * 1e6); // and has another mean and deviation
        using var before = Tables.Import(_folder, few);
        using var after = Tables.Import(_folder, many);
        Assert.NotEqual(before.Block(0)[..6000].ToArray(), after.Block(0)[..6000].ToArray());
        Assert.Equal(SidesOf(before)[..3000], SidesOf(after)[..3000]);
    }

    [Fact]
    public void A_row_keeps_its_side_when_another_brings_a_new_level()
    {
        var rows = string.Concat(Enumerable.Range(0, 2_000).Select(row => $"{row * row % 997}.5,{(row % 3 == 0 ? "Bern" : "Chur")}\n"));
        var selection = Tables.All(_folder.Write("t.csv", "a,city\n" + rows)) with { Kinds = Tables.All("").Kinds.Add("city", "category") };
        using var before = Tables.Import(_folder, selection);
        _folder.Write("t.csv", "a,city\n" + rows + "5,Aachen\n"); // which comes before the others
        using var after = Tables.Import(_folder, selection);
        Assert.Equal(["Aachen", "Bern", "Chur"], after.Manifest.Columns[1].Levels!.Value);
        Assert.Equal(SidesOf(before), SidesOf(after)[..2_000]);
        Assert.Equal([0f, 1f], before.Block(0).ToArray().Where((_, i) => i % 2 == 1).Distinct().Order());
    }

    [Fact]
    public void Timestamps_that_float32_cannot_tell_apart_have_sides_of_their_own()
    {
        var table = new double[2000, 1];
        for (var row = 0; row < 2000; row++)
            table[row, 0] = 1_700_000_000 + row;
        using var data = Tables.Import(_folder, table);
        Assert.InRange(Split.Of(data, new(1, 0.1, 0)).ValidationRows, 150, 250);
    }

    [Fact]
    public void Another_seed_gives_another_split_and_the_same_seed_the_same()
    {
        using var data = Tables.Import(_folder, Tables.Normal(1000, 2));
        Assert.Equal(Gather(Split.Of(data, new(1, 0.1, 0.1)), RowSide.Test), Gather(Split.Of(data, new(1, 0.1, 0.1)), RowSide.Test));
        Assert.NotEqual(Gather(Split.Of(data, new(1, 0.1, 0.1)), RowSide.Test), Gather(Split.Of(data, new(2, 0.1, 0.1)), RowSide.Test));
    }

    [Fact]
    public void Rows_come_in_file_order()
    {
        var table = new double[3000, 1];
        for (var row = 0; row < 3000; row++)
            table[row, 0] = row;
        using var data = Tables.Import(_folder, table);
        foreach (var side in Enum.GetValues<RowSide>())
            Assert.Equal(Gather(Split.Of(data, new(1, 0.3, 0.3)), side).Order(), Gather(Split.Of(data, new(1, 0.3, 0.3)), side));
    }

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(0.5, 0.5)]
    [InlineData(double.NaN, 0)]
    public void Shares_that_leave_nothing_to_train_are_refused(double validation, double test)
    {
        using var data = Tables.Import(_folder, Tables.Normal(100, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => Split.Of(data, new(1, validation, test)));
    }

    private static RowSide[] SidesOf(Dataset data)
    {
        var (split, sides) = (Split.Of(data, new(1, 0.2, 0.1)), new RowSide[data.Rows]);
        foreach (var side in Enum.GetValues<RowSide>())
            foreach (var row in split.Side(side).In(block: 0))
                sides[row] = side;
        return sides;
    }

    private static (double, double)[] Gather(Split split, RowSide side)
    {
        var rows = new double[split.Count(side) * split.Data.Width];
        split.Gather(side, 0, (int)split.Count(side), rows);
        return [.. rows.Chunk(split.Data.Width).Select(row => (row[0], row[^1]))];
    }

    private static (double, double)[] Read(Dataset data)
    {
        var rows = new double[data.Rows * data.Width];
        data.ReadRows(0, (int)data.Rows, rows);
        return [.. rows.Chunk(data.Width).Select(row => (row[0], row[^1]))];
    }
}
