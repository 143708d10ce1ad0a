using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Transforms;

public sealed class MatrixExponentialTests
{
    [Theory, InlineData(0.3, 0.9), InlineData(-1.5, 2), InlineData(1, -1)]
    public void Two_times_one_after_the_other_are_their_sum(double first, double second)
    {
        using var scope = NewDisposeScope();
        var random = new CounterRandom(5, "a");
        var a = tensor(Enumerable.Range(0, 16).Select(i => random.Normal(i)).ToArray(), 4, 4);
        var x = tensor(Enumerable.Range(16, 20).Select(i => random.Normal(i)).ToArray(), 5, 4);
        var (once, half, rest) = (After(first + second, x), After(first, x), After(second, After(first, x).Value));
        Assert.InRange((once.Value - rest.Value).abs().max().Item<double>(), 0, 1e-10);
        Assert.InRange((once.LogDet - half.LogDet - rest.LogDet).abs().max().Item<double>(), 0, 1e-12);

        FlowGrain.Flows.Mapped After(double time, Tensor rows) => new MatrixExponential(a * tensor(time), zeros(4, ScalarType.Float64)).Normalize(rows);
    }
}
