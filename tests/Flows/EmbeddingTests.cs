using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

/// <summary>A flow whose layers see its context through a net.</summary>
public sealed class EmbeddingTests
{
    private static readonly FlowSpec Spec = (TestFlows.Spec("maf", 2, context: 3) with { Embedding = new EmbeddingSpec(4, new MlpSpec(8, 1)) }).Validated();

    [Fact]
    public void The_density_given_a_context_integrates_to_one_and_follows_it()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = TestFlows.Exact(Spec, TestFlows.Weights(Spec, spread: 0.3));
        Assert.Equal(1, Quadrature.Integral(flow, [0.3, -0.2, 1]), 1e-3);
        var x = zeros(1, 2, ScalarType.Float64);
        Assert.NotEqual(flow.LogProb(x, tensor(new[] { 0.3, -0.2, 1 }, 1, 3)).Item<double>(), flow.LogProb(x, tensor(new[] { 2.3, 1.2, -1 }, 1, 3)).Item<double>());
    }

    [Fact]
    public void Float32_computes_the_same_density_to_its_digits()
    {
        var (weights, rows) = (TestFlows.Weights(Spec, spread: 0.3), TestFlows.Rows(Spec, 50));
        using var engine = FlowEngines.Create(Spec);
        weights.CopyTo(engine.Parameters);
        var logDensity = new float[50];
        engine.LogDensity(rows, logDensity, []);
        Assert.All(TestFlows.ExactLogDensities(Spec, weights, rows).Zip(logDensity), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * (1 + Math.Abs(pair.First))));
    }

    [Fact]
    public void Gradients_reach_the_net_and_a_torch_engine_computes_it()
    {
        using var engine = FlowEngines.Create(Spec);
        Assert.IsType<TorchEngine>(engine);
        TestFlows.Weights(Spec).CopyTo(engine.Parameters);
        var gradient = new float[engine.Parameters.Length];
        engine.Gradient(TestFlows.Rows(Spec, 64), gradient);
        var blocks = Spec.Layout().Blocks.Where(block => block.Name.StartsWith("embedding.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(gradient[block.Offset..(block.Offset + block.Count)], slope => slope != 0));
    }

    [Fact]
    public void It_is_in_the_json_and_without_a_context_it_is_refused()
    {
        Assert.Equal(Spec.Embedding, FlowSpecJson.Read(FlowSpecJson.Write(Spec)).Embedding);
        Assert.Contains("there is no context to embed", Assert.Throws<ArgumentException>((TestFlows.Spec("maf", 2) with { Embedding = Spec.Embedding }).Validated).Message, StringComparison.Ordinal);
    }
}
