using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;

namespace FlowGrain.Tests.Flows.Conditioners;

public sealed class MaskedDegreesTests
{
    [Fact]
    public void Units_are_spread_evenly_over_the_degrees_and_the_first_degrees_get_one_more()
    {
        var degrees = new MaskedDegrees(new FlowShape(6, 0), 128);
        Assert.Equal([(0, 0), (0, 26), (26, 52), (52, 78), (78, 103), (103, 128)], Groups(degrees));
    }

    [Fact]
    public void With_context_some_units_see_nothing_else()
    {
        var degrees = new MaskedDegrees(new FlowShape(3, 2), 7);
        Assert.Equal([(0, 3), (3, 5), (5, 7)], Groups(degrees));
        Assert.Equal([2, 2, 2, 3, 3, 4, 4], degrees.FromInputs());
    }

    [Fact]
    public void Every_row_sees_the_units_up_to_its_own_degree()
    {
        var degrees = new MaskedDegrees(new FlowShape(3, 0), 5);
        Assert.Equal([1, 1, 1, 2, 2], degrees.FromInputs());
        Assert.Equal([3, 3, 3, 5, 5], degrees.BetweenHidden());
        Assert.Equal([0, 0, 3, 3, 5, 5], degrees.ToOutputs(6));
    }

    [Theory, InlineData(2, 0), InlineData(5, 0), InlineData(43, 0), InlineData(1, 2), InlineData(5, 1)]
    public void The_least_width_has_one_unit_of_each_degree(int dimension, int context)
    {
        var shape = new FlowShape(dimension, context);
        var degrees = new MaskedDegrees(shape, MaskedDegrees.LeastHidden(shape));
        Assert.All(Groups(degrees).Skip(context > 0 ? 0 : 1), group => Assert.Equal(1, group.End - group.Start));
        Assert.Equal(degrees.Hidden, degrees.End(dimension - 1));
    }

    private static IEnumerable<(int Start, int End)> Groups(MaskedDegrees degrees) =>
        Enumerable.Range(0, degrees.Shape.Dimension).Select(degree => (degrees.Start(degree), degrees.End(degree)));
}
