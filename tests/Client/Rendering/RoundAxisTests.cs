using FlowGrain.Cli.Rendering;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Client.Rendering;

/// <summary>Pictures of angles, whose ends are one place.</summary>
public sealed class RoundAxisTests
{
    private static readonly ModelDescription Model = Examples.Model with { Columns = ["heading", "speed"], Ranges = [new(0, 360), new(0, 10)], Angles = ["heading"], Dates = [] };

    [Fact]
    public void The_axis_of_an_angle_is_its_turn_and_that_of_a_number_has_air()
    {
        Assert.Equal(new Axis("heading", 0, 360, IsRound: true), Axis.Of(Model, 0));
        Assert.Equal(new Axis("speed", -0.8, 10.8), Axis.Of(Model, 1));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Light_smoothing_goes_round_an_angle_and_no_mass_is_lost_at_its_cut(bool isAcross)
    {
        var (heading, speed) = (Axis.Of(Model, 0), Axis.Of(Model, 1));
        double[] angles = [0.5, 359.5], speeds = [5, 5];
        var grid = isAcross
            ? Histogram.Plane([angles, speeds], heading, speed, 36, 36)
            : Histogram.Plane([speeds, angles], speed, heading, 36, 36);
        var cell = 10 * 11.6 / 36;
        Assert.Equal(1, grid.LogDensity.Cast<double>().Sum(log => Math.Exp(log) * cell), 1e-9);
    }
}
