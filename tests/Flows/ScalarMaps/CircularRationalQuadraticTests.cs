using FlowGrain.Flows;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.ScalarMaps;

/// <summary>Angles: what holds on a circle and not on the line.</summary>
public sealed class CircularRationalQuadraticTests
{
    [Fact]
    public void On_a_uniform_base_the_density_of_an_angle_integrates_to_one_and_its_ends_meet()
    {
        const int Points = 20_000;

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Angles();
        var angles = Enumerable.Range(0, Points).Select(i => Math.PI * (2 * (i + 0.5) / Points - 1)).ToArray();
        Assert.Equal(1, flow.LogProb(tensor(angles, Points, 1)).exp().mean().Item<double>() * 2 * Math.PI, 1e-6);
        var ends = flow.LogProb(tensor(new[] { -Math.PI, Math.PI }, 2, 1)).data<double>().ToArray();
        Assert.Equal(ends[0], ends[1], 1e-9);
    }

    [Fact]
    public void A_turn_more_is_the_same_angle()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Angles();
        var once = flow.LogProb(tensor(new[] { 0.3, -2.0 }, 2, 1));
        Assert.InRange((flow.LogProb(tensor(new[] { 0.3 + 2 * Math.PI, -2.0 - 4 * Math.PI }, 2, 1)) - once).abs().max().Item<double>(), 0, 1e-9);
    }

    private static Flow Angles()
    {
        var spec = new FlowSpec
        {
            Preset = "",
            Columns = ["angle"],
            Transforms = [new StandardizeSpec([0], [1]), new CouplingSpec([0], new CircularRationalQuadraticSpec(6, Math.PI), new ConstantSpec())],
            Base = new BoxUniformSpec(Math.PI),
        };
        return TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.8));
    }
}
