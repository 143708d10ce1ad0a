using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Splitting;

/// <summary>Rows that are held out by a column's values, or that come from a file of their own.</summary>
public sealed class HeldOutRows : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("t.csv", "a,b", "patient")]
    [InlineData("t.csv", "a,b", "number")]
    [InlineData("t.csv", "a,number", "number")]
    [InlineData("t.sql", "a,b", "patient")]
    [InlineData("t.sql", "a,b", "number")]
    [InlineData("t.sql", "number,b", "number")]
    public void Rows_with_one_value_of_the_group_fall_on_one_side(string file, string columns, string group)
    {
        _folder.Write("t.csv", Patients(rows: 3000));
        _folder.Write("t.sql", "SELECT * FROM 't.csv'");
        using var data = Import(Tables.Of(_folder.In(file), columns.Split(',')) with { GroupBy = group });
        Assert.Equal(columns.Split(','), data.Manifest.Columns.Select(column => column.Name));
        var split = Split.Of(data, new(1, 0.2, 0.2));
        var sides = Enum.GetValues<RowSide>().SelectMany(side => split.Side(side).In(0).ToArray().Select(row => (Group: row % 60, Side: side))).Distinct().ToList();
        Assert.Equal(60, sides.Count);
        Assert.Equal(3, sides.Select(pair => pair.Side).Distinct().Count());
    }

    [Fact]
    public void A_group_that_is_a_modelled_category_holds_its_rows_together()
    {
        _folder.Write("t.csv", Patients(rows: 600));
        using var data = Import(Tables.Of(_folder.In("t.csv"), "a", "patient") with { GroupBy = "patient", Kinds = Tables.All("").Kinds.Add("patient", "category") });
        Assert.Equal(60, data.Keys(0).ToArray().Distinct().Count());
    }

    [Fact]
    public void The_group_is_not_modelled_unless_it_is_named_and_makes_a_data_set_of_its_own()
    {
        var file = _folder.Write("t.csv", "id,a,b\nx,1,2\ny,3,5\nz,5,9\nx,6,6\nx,0,4\n");
        using var grouped = Import(Tables.All(file) with { GroupBy = "id" });
        Assert.Equal(["a", "b"], grouped.Manifest.Columns.Select(column => column.Name));
        using var other = Import(Tables.Of(file, "a", "b"));
        Assert.NotEqual(other.Id, grouped.Id);
        Assert.Equal(other.Block(0).ToArray(), grouped.Block(0).ToArray());
        Assert.Equal((3, 5), (grouped.Keys(0).ToArray().Distinct().Count(), other.Keys(0).ToArray().Distinct().Count()));
    }

    [Fact]
    public void A_row_without_its_group_is_refused_or_left_out_and_an_unknown_group_is_named()
    {
        var file = _folder.Write("t.csv", "id,a,b\nx,1,2\n,3,5\nz,5,9\nx,6,6\nx,0,4\n");
        Assert.StartsWith("'t.csv': row 2 (line 3), column 'id' is missing", Refusal(Tables.All(file) with { GroupBy = "id" }));
        using var data = Import(Tables.All(file, MissingRows.Drop) with { GroupBy = "id" });
        Assert.Equal((4, 1), (data.Rows, data.Manifest.DroppedRows));
        Assert.Equal("'t.csv' has no column 'idd'; it has id, a, b; did you mean id?", Refusal(Tables.All(file) with { GroupBy = "idd" }));
    }

    [Theory]
    [InlineData("held.csv")]
    [InlineData("held.sql")]
    [InlineData("held")]
    public void All_rows_of_a_validation_file_validate_and_no_others(string held)
    {
        const int Training = 70_000; // so that the last block has rows of both
        var (train, validation) = (Tables.Normal(Training, 2), Tables.Normal(500, 2, seed: 2));
        _folder.Write("train.csv", Tables.Csv(train, "a,b"));
        var turned = new double[500, 2];
        for (var row = 0; row < 500; row++) (turned[row, 0], turned[row, 1]) = (validation[row, 1], validation[row, 0]);
        _folder.Write("held.csv", Tables.Csv(turned, "b,a"));
        _folder.Write("held.sql", "SELECT 1 AS more, b, a FROM 'held.csv'");
        Directory.CreateDirectory(_folder.In("held"));
        File.Copy(_folder.In("held.csv"), _folder.In("held/1.csv"));

        using var data = Import(Tables.All(_folder.In("train.csv")) with { Validation = _folder.In(held) });
        var split = Split.Of(data, new(1, 0, 0));
        Assert.Equal((Training, 500, 0), (split.TrainRows, split.ValidationRows, split.TestRows));
        var rows = new double[1000];
        split.Gather(RowSide.Validation, 0, 500, rows);
        for (var row = 0; row < 500; row++)
        {
            Assert.Equal(validation[row, 0], rows[2 * row], 1e-6);
            Assert.Equal(validation[row, 1], rows[(2 * row) + 1], 1e-6);
        }
    }

    [Fact]
    public void Incomplete_rows_are_left_out_of_either_file_and_a_fault_names_the_file()
    {
        var train = _folder.Write("train.csv", "a,b\n1,2\n,3\n4,1\n7,7\n2,3\n");
        var held = _folder.Write("held.csv", "a,b\n5,6\n7,\n");
        using var data = Import(Tables.All(train, MissingRows.Drop) with { Validation = held });
        var split = Split.Of(data, new(1, 0, 0));
        Assert.Equal((4, 1, 2), (split.TrainRows, split.ValidationRows, data.Manifest.DroppedRows));
        File.WriteAllText(train, "a,b\n1,2\n4,1\n7,7\n2,3\n");
        Assert.Contains("row 2 (line 3) of 'held.csv', column 'b' is missing", Refusal(Tables.All(train) with { Validation = held }));
    }

    [Fact]
    public void A_validation_file_without_a_column_is_refused_and_one_with_more_is_taken()
    {
        var train = _folder.Write("train.csv", "a,b,c\n1,2,x\n4,1,x\n7,7,y\n2,3,y\n");
        var held = _folder.Write("held.csv", "c,a\nx,1\n");
        Assert.Equal("'held.csv' has the columns c, a, and 'train.csv', beside which it validates, has a, b, c; give them the same.", Refusal(Tables.Of(train, "a", "b") with { Validation = held }));
        _folder.Write("held.csv", "c,b,more,a\nz,2,text,1\n");
        using var data = Import(Tables.Of(train, "a", "b") with { Validation = held, Context = ["c"], Kinds = Tables.All("").Kinds.Add("c", "category") });
        Assert.Equal(["x", "y", "z"], data.Manifest.Columns[2].Levels!.Value);
        Assert.Equal([1, 2, 2], Row(data, 4)); // z is the third level
    }

    [Fact]
    public void A_data_set_is_known_again_until_its_validation_file_changes()
    {
        var train = _folder.Write("train.csv", "a,b\n1,2\n4,1\n7,7\n2,3\n");
        var selection = Tables.All(train) with { Validation = _folder.Write("held.csv", "a,b\n5,6\n") };
        using var first = Import(selection);
        using var again = Import(selection);
        Assert.Equal(first.Id, again.Id);
        _folder.Write("held.csv", "a,b\n5,7\n");
        using var changed = Import(selection);
        Assert.NotEqual(first.Id, changed.Id);
        using var folder = Import(Tables.All(_folder.In("*.csv")));
        Assert.DoesNotContain(folder.Id, new[] { first.Id, changed.Id });
    }

    private static double[] Row(Dataset data, int row)
    {
        var numbers = new double[data.Width];
        data.ReadRows(row, 1, numbers);
        return numbers;
    }

    // Sixty of them, each again after sixty rows.
    private static string Patients(int rows)
    {
        var values = Tables.Normal(rows, 2);
        return "a,b,patient,number\n" + string.Concat(Enumerable.Range(0, rows).Select(row => FormattableString.Invariant($"{values[row, 0]},{values[row, 1]},p-{row % 60},{row % 60 * 10}\n")));
    }

    private Dataset Import(DataSelection selection) => Tables.Import(_folder, selection);

    private string Refusal(DataSelection selection) => Assert.Throws<BadInputException>(() => Import(selection)).Message;
}
