using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class MonotoneRootTests
{
    [Fact]
    public void A_point_that_is_hit_is_kept()
    {
        using var scope = NewDisposeScope();
        var (looks, values) = (0, zeros(3, ScalarType.Float64));
        var root = MonotoneRoot.Solve(At, values, values - ones_like(values), ones_like(values));
        Assert.Equal([0.0, 0, 0], root.data<double>().ToArray());
        Assert.Equal(1, looks);

        (Tensor, Tensor) At(Tensor x)
        {
            looks++;
            return (x.Plus(x * x * x), (x * x * tensor(3.0)).Plus(ones_like(x)));
        }
    }
}
