using FlowGrain.Flows.Tables;

namespace FlowGrain.Tests.Flows.Tables;

/// <summary>Angles of a table that are modelled.</summary>
public sealed class CircleColumnTests
{
    private static readonly TableSpec Table = new([new CircleColumn("heading", 360, -180), new LatticeColumn("count", 1)], []);

    [Theory, InlineData(-180, -180), InlineData(180, -180), InlineData(179.5, 179.5), InlineData(540, -180), InlineData(-190, 170), InlineData(-1e-300, -1e-300)]
    public void An_angle_is_brought_into_its_turn(double value, double expected) => Assert.Equal(expected, Encoded(value, 3)[0]);

    [Fact]
    public void Rows_that_are_a_turn_apart_are_spread_equally()
    {
        Assert.Equal(Encoded(10, 3), Encoded(370, 3));
        Assert.NotEqual(Encoded(10, 3)[1], Encoded(11, 3)[1]);
    }

    [Fact]
    public void Whole_hours_are_spread_over_the_hour_and_found_again_round_midnight()
    {
        var column = new CircleColumn("hour", 24, -12, Step: 1);
        Span<double> number = [0];
        for (var hour = -12; hour < 36; hour++)
        {
            column.Encode(hour, 0.75, number);
            Assert.InRange(number[0], -12, 12);
            Assert.Equal((hour + 12) % 24 - 12, column.Decode(number[0]));
        }
    }

    [Theory]
    [InlineData(-1, 0, null, "the period must be finite and above zero")]
    [InlineData(24, double.NaN, null, "its start finite")]
    [InlineData(24, 0, 5.0, "its period 24 must be a whole number of them")]
    public void What_is_no_circle_is_refused(double period, double from, double? step, string sentence) =>
        Assert.Contains(sentence, Assert.Single(new CircleColumn("a", period, from, step).Problems()));

    [Fact]
    public void What_is_conditioned_on_and_what_is_modelled_are_two_kinds()
    {
        Assert.Contains("'a' is an angle to condition on, and is modelled", Assert.Single(new TableSpec([new NumberColumn("b"), new AngleColumn("a", 1)], []).Problems(["b"], ["a.sin", "a.cos"])));
        Assert.Contains("'a' is an angle to model, and is conditioned on", Assert.Single(new TableSpec([new NumberColumn("b")], [new CircleColumn("a", 1)]).Problems(["b"], ["a"])));
    }

    private static double[] Encoded(params double[] row)
    {
        var rows = new double[2];
        new RowEncoder(Table).Encode(row, rows);
        return rows;
    }
}
