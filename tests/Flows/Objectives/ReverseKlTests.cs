using FlowGrain.Flows;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Objectives;
using FlowGrain.Flows.Optimization;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Objectives;

public sealed class ReverseKlTests
{
    private const int Rows = 256;

    [Fact]
    public void A_flow_that_is_fitted_to_a_bent_density_comes_near_it()
    {
        using var flow = Flow.Build(TestFlows.Spec("realnvp", 2, sizes: [("transforms", 4), ("hidden", 32)]), ScalarType.Float64);
        var count = flow.Parameters.Layout.Count;
        var (first, second, average, optimizer) = (new double[count], new double[count], new double[count], new AdamW(new AdamWOptions()));
        var before = Divergence(flow, draws: 1 << 20);
        for (var step = 1; step <= 600; step++)
        {
            using var scope = NewDisposeScope();
            flow.Parameters.Gradient.zero_();
            ReverseKl.Loss(flow, Bent, new CounterRandom(1, "draws"), (long)step * Rows, Rows).backward();
            var (weights, gradient) = (flow.Parameters.Values.data<double>().ToArray(), flow.Parameters.Gradient.data<double>().ToArray());
            optimizer.Step(new OptimizerState<double>(weights, first, second, average), gradient, 1.0 / Rows, 5e-3, 0, step);
            using var noGradient = no_grad();
            flow.Parameters.Values.copy_(tensor(weights));
        }

        Assert.True(before > 1, $"it begins {before:F3} nats away");
        Assert.InRange(Divergence(flow, draws: 1 << 20), -0.02, 0.05);
    }

    [Fact]
    public void What_cannot_be_fitted_so_is_refused()
    {
        using var rooted = Flow.Build(TestFlows.Spec("planar", 2));
        using var given = Flow.Build(TestFlows.Spec("nsf", 2, context: 1));
        using var mixed = Flow.Build(TestFlows.Spec("nsf", 2) with { Base = new MixtureSpec([new StandardNormalSpec(), new DiagonalNormalSpec()]) });
        Assert.Contains("chooses anew", Assert.Throws<ArgumentException>(() => ReverseKl.Loss(mixed, Bent, new CounterRandom(1, "draws"), 0, 8)).Message, StringComparison.Ordinal);
        Assert.Contains("carry no gradient", Assert.Throws<ArgumentException>(() => ReverseKl.Loss(rooted, Bent, new CounterRandom(1, "draws"), 0, 8)).Message, StringComparison.Ordinal);
        Assert.Contains("without context", Assert.Throws<ArgumentException>(() => ReverseKl.Loss(given, Bent, new CounterRandom(1, "draws"), 0, 8)).Message, StringComparison.Ordinal);
    }

    /// <summary>x₀ ~ N(0, 1) and x₁ ~ N(x₀²/2, ½²): a banana, its constant included, so that the divergence itself is measured.</summary>
    private static Tensor Bent(Tensor x)
    {
        var (a, b) = (x.select(1, 0), x.select(1, 1));
        var off = (b - a.Squared() * tensor(0.5)) / tensor(0.5);
        return (a.Squared().Plus(off.Squared())) * tensor(-0.5) - tensor(Math.Log(2 * Math.PI * 0.5));
    }

    private static double Divergence(Flow flow, long draws)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return ReverseKl.Loss(flow, Bent, new CounterRandom(2, "check"), draws, 4096).Item<double>() / 4096;
    }
}
