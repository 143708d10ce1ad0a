using System.Text;
using FlowGrain.Flows;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Objectives;

namespace FlowGrain.Tests.Flows.Objectives;

public sealed class FlowMatchingTests
{
    private static readonly TrainingDraw Draw = new(new CounterRandom(9, "pass"), First: 4000);

    [Fact]
    public void The_loss_and_the_gradient_of_rows_are_the_sums_of_those_of_their_parts()
    {
        var spec = TestFlows.Spec("cnf", 3, context: 2);
        var rows = TestFlows.Rows(spec, 200);
        using var engine = Engine(spec);
        var (whole, first, second) = (new float[engine.Parameters.Length], new float[engine.Parameters.Length], new float[engine.Parameters.Length]);
        var loss = engine.Gradient(rows, whole, Draw);
        var parts = engine.Gradient(rows.AsSpan(0, 120 * 5), first, Draw) + engine.Gradient(rows.AsSpan(120 * 5), second, Draw.After(120));
        Assert.Equal(loss, parts, 1e-4 * loss);
        for (var i = 0; i < whole.Length; i++) Assert.Equal(whole[i], first[i] + second[i], 1e-3 + 1e-4 * Math.Abs(whole[i]));
    }

    [Fact]
    public void Other_draws_give_another_loss_and_the_same_draws_the_same_bits()
    {
        var spec = TestFlows.Spec("cnf", 2);
        var rows = TestFlows.Rows(spec, 64);
        using var engine = Engine(spec);
        var gradient = new float[engine.Parameters.Length];
        var loss = engine.Gradient(rows, gradient, Draw);
        Assert.Equal(loss, engine.Gradient(rows, gradient, Draw));
        Assert.NotEqual(loss, engine.Gradient(rows, gradient, Draw.After(1)));
    }

    /// <summary>Of standard normal data, y and noise are alike from every angle, so that the best velocity is 0 and D is the loss of a row.</summary>
    [Fact]
    public void Of_gaussian_data_the_first_weights_are_the_best()
    {
        var spec = TestFlows.Spec("cnf", 2);
        var rows = TestFlows.Rows(spec, 20_000, spread: 1);
        using var engine = new TorchEngine(spec);
        var gradient = new float[engine.Parameters.Length];
        Assert.Equal(2, engine.Gradient(rows, gradient, Draw) / 20_000, 0.03);
        Assert.All(gradient, slope => Assert.InRange(slope / 20_000, -0.05, 0.05));
    }

    [Fact]
    public void It_trains_continuous_flows_alone()
    {
        var error = Assert.Throws<ArgumentException>((TestFlows.Spec("nsf", 2) with { Objective = new FlowMatchingSpec() }).Validated);
        Assert.Contains("objective: flow-matching trains one transform of type 'continuous'", error.Message);
    }

    [Fact]
    public void A_base_that_would_shrink_to_a_point_is_refused()
    {
        var error = Assert.Throws<ArgumentException>((TestFlows.Spec("cnf", 2) with { Base = new DiagonalNormalSpec() }).Validated);
        Assert.Contains("would let a learned one shrink to a point", error.Message);
    }

    [Fact]
    public void It_is_in_the_json_of_the_flow_and_decides_its_hash_and_maximum_likelihood_is_not()
    {
        var (matching, likelihood) = (TestFlows.Spec("cnf", 2), TestFlows.Spec("cnf likelihood=1", 2));
        Assert.Contains("\"objective\":{\"type\":\"flow-matching\"}", Encoding.UTF8.GetString(FlowSpecJson.Write(matching)));
        Assert.DoesNotContain("objective", Encoding.UTF8.GetString(FlowSpecJson.Write(likelihood)));
        Assert.Equal(new FlowMatchingSpec(), FlowSpecJson.Read(FlowSpecJson.Write(matching)).Objective);
        Assert.NotEqual(matching.Hash(), likelihood.Hash());
    }

    private static TorchEngine Engine(FlowSpec spec)
    {
        var engine = new TorchEngine(spec);
        TestFlows.Weights(spec).CopyTo(engine.Parameters);
        return engine;
    }
}
