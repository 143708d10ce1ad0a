using FlowGrain.Flows.Optimization;

namespace FlowGrain.Tests.Flows.Optimization;

public sealed class EarlyStoppingTests
{
    [Fact]
    public void The_lowest_validation_is_the_best_and_the_first_of_equals()
    {
        var stopping = After(3, 1, 2, 1);
        Assert.Equal((1.0, 2L, 2), (stopping.Best, stopping.BestStep, stopping.SinceBest));
    }

    [Fact]
    public void Patience_counts_validations_since_the_best()
    {
        Assert.False(After(3, 1, 2, 2).IsOver(3));
        Assert.True(After(3, 1, 2, 2, 2).IsOver(3));
        Assert.False(After(3, 1, 2, 2, 0.5, 2, 2).IsOver(3));
    }

    [Fact]
    public void Without_patience_it_never_is_over() => Assert.False(After([.. Enumerable.Repeat(1.0, 1000)]).IsOver(null));

    [Theory, InlineData(double.NaN), InlineData(double.PositiveInfinity)]
    public void What_is_not_a_number_never_is_the_best(double bad)
    {
        var stopping = After(bad, 2, bad, bad);
        Assert.Equal((2.0, 2L, 2), (stopping.Best, stopping.BestStep, stopping.SinceBest));
        Assert.True(After(bad, bad).IsOver(2));
        Assert.Equal(0, After(bad, bad).BestStep);
    }

    private static EarlyStopping After(params double[] validations) =>
        validations.Index().Aggregate(EarlyStopping.None, (stopping, next) => stopping.After(next.Index + 1, next.Item));
}
