using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class LossHistoryTests
{
    [Fact]
    public void A_short_run_keeps_every_round()
    {
        var history = After(rounds: 2000);
        Assert.Equal(Enumerable.Range(1, 2000).Select(step => (long)step), history.Points.Select(point => point.Step));
        Assert.Equal(Loss(1234), history.Points[1233].TrainNats);
    }

    [Theory, InlineData(2047), InlineData(2048), InlineData(5000), InlineData(100_000)]
    public void A_run_of_any_length_keeps_at_most_2048_points_in_order(int rounds)
    {
        var points = After(rounds).Points;
        Assert.InRange(points.Count, 1000, 2048);
        Assert.Equal(points.Select(point => point.Step).Distinct().Order(), points.Select(point => point.Step));
        Assert.InRange(points[^1].Step, rounds - 100, rounds);
    }

    [Fact]
    public void A_point_is_the_mean_of_its_rounds()
    {
        var history = After(10_000);
        var before = 0L;
        foreach (var point in history.Points)
        {
            var mean = Enumerable.Range((int)before + 1, (int)(point.Step - before)).Average(step => Loss(step));
            Assert.Equal(mean, point.TrainNats, 1e-9);
            before = point.Step;
        }
    }

    [Fact]
    public void Thinning_keeps_validations()
    {
        var history = LossHistory.Empty;
        for (var step = 1; step <= 50_000; step++)
        {
            history = history.With(step, Loss(step));
            if (step % 1000 == 0) history = history.WithValidation(step);
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(i => 1000.0 * i), history.Points.Select(point => point.ValidationNats).OfType<double>());
    }

    [Fact]
    public void A_validation_before_the_first_round_has_no_point_to_stand_at() => Assert.Empty(LossHistory.Empty.WithValidation(1).Points);

    private static double Loss(int step) => 1.0 / step;

    private static LossHistory After(int rounds) =>
        Enumerable.Range(1, rounds).Aggregate(LossHistory.Empty, (history, step) => history.With(step, Loss(step)));
}
