using System.Globalization;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Tests.Flows.Tables;

public sealed class RowEncoderTests
{
    private static readonly TableSpec Table = new(
        [new NumberColumn("height"), new CategoryColumn("color", ["blue", "green", "red"]), new LatticeColumn("rooms", 1)],
        [new CategoryColumn("kind", ["flat", "house"]), new AngleColumn("hour", 24), new NumberColumn("year")]);

    [Fact]
    public void Modelled_numbers_come_first_then_the_modelled_categories_then_the_context()
    {
        Assert.Equal(["height", "rooms"], Table.FlowColumns);
        Assert.Equal(["color=green", "color=red", "kind=house", "hour.sin", "hour.cos", "year"], Table.FlowContext);
        var row = Encoded([1.5, 2, 3.25, 1, 6, 1999]);
        Assert.Equal([1.5, 3.25, 0, 1, 1, 1], row[..6]);
        Assert.Equal(0, row[6], 1e-15);
        Assert.Equal(1999, row[7]);
    }

    [Fact]
    public void Modelled_columns_stand_before_the_context_of_their_row_or_the_one_that_all_have()
    {
        var encoder = new RowEncoder(Table);
        Assert.Equal([1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60], encoder.Join([1, 2, 3, 4, 5, 6], [10, 20, 30, 40, 50, 60]));
        Assert.Equal([1, 2, 3, 10, 20, 30, 4, 5, 6, 10, 20, 30], encoder.Join([1, 2, 3, 4, 5, 6], [10, 20, 30]));
        Assert.Equal([1, 2], new RowEncoder(new([new NumberColumn("alone")], [])).Join([1, 2], []));
    }

    [Fact]
    public void A_whole_number_is_spread_over_the_step_above_it_and_another_is_taken_as_it_is()
    {
        double[] seen = [.. Enumerable.Range(0, 1000).Select(i => Encoded([i / 7.0, 0, 4, 0, 0, 0])[1])];
        Assert.All(seen, value => Assert.InRange(value, 4, Math.BitDecrement(5)));
        Assert.Equal(4.5, seen.Average(), 0.05);
        Assert.Equal(1000, seen.Distinct().Count());
        Assert.Equal(4.125, Encoded([1, 0, 4.125, 0, 0, 0])[1]);
    }

    [Fact]
    public void Equal_rows_are_spread_equally_and_other_rows_differently()
    {
        Assert.Equal(Encoded([0.0, 0, 4, 0, 0, 0]), Encoded([-0.0, 0, 4, 0, 0, 0]));
        Assert.NotEqual(Encoded([0, 0, 4, 0, 0, 0])[1], Encoded([0, 0, 4, 0, 0, 1])[1]);
    }

    [Fact]
    public void Draws_by_number_do_not_depend_on_the_cut_into_batches()
    {
        var (encoder, draws) = (new RowEncoder(Table), new CounterRandom(3, "spread"));
        double[] rows = [.. Enumerable.Range(0, 10).SelectMany(i => new double[] { i, i % 3, i, i % 2, i, i })];
        var (all, parts) = (new double[10 * encoder.FlowWidth], new double[10 * encoder.FlowWidth]);
        encoder.Encode(rows, all, draws, first: 100);
        encoder.Encode(rows.AsSpan(0, 4 * encoder.Width), parts, draws, first: 100);
        encoder.Encode(rows.AsSpan(4 * encoder.Width), parts.AsSpan(4 * encoder.FlowWidth), draws, first: 104);
        Assert.Equal(all, parts);
        encoder.Encode(rows, parts, draws, first: 0);
        Assert.NotEqual(all, parts);
    }

    [Theory, InlineData(-1.0), InlineData(3.0), InlineData(1.5), InlineData(1e300), InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void What_is_the_index_of_no_level_gives_no_numbers(double code) => Assert.Equal([double.NaN, double.NaN], Encoded([1, code, 2, 0, 0, 0])[2..4]);

    [Fact]
    public void Decoding_undoes_the_spread_and_leaves_categories_alone()
    {
        double[] table = [0, 2, 0];
        new RowEncoder(Table).Decode([1.5, 3.9], table);
        Assert.Equal([1.5, 2, 3], table);
    }

    [Fact]
    public void Steps_that_are_no_powers_of_two_are_found_again()
    {
        var column = new LatticeColumn("price", 0.01);
        Span<double> number = [0];
        for (var cents = 0; cents < 2000; cents++)
        {
            column.Encode(double.Parse($"{cents / 100}.{cents % 100:00}", CultureInfo.InvariantCulture), 0.5, number); // of which some are not cents * 0.01
            Assert.Equal((cents + 0.5) * 0.01, number[0], 1e-12);
            Assert.Equal(cents * 0.01, column.Decode(number[0]), 1e-12);
        }
    }

    private static double[] Encoded(double[] row)
    {
        var encoder = new RowEncoder(Table);
        var rows = new double[encoder.FlowWidth];
        encoder.Encode(row, rows);
        return rows;
    }
}
