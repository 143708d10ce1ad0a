using static TorchSharp.torch;

namespace FlowGrain.Flows.Marginals;

/// <summary>Leaves the column as it is.</summary>
public sealed record IdentityMap : MarginalMap
{
    /// <inheritdoc />
    public override double Normalize(double x, out double logSlope)
    {
        logSlope = 0;
        return x;
    }

    /// <inheritdoc />
    public override double Generate(double y) => y;

    internal override TensorMap Build() => new Tensors();

    internal override IEnumerable<string> Problems() => [];

    private sealed class Tensors : TensorMap
    {
        internal override Mapped Normalize(Tensor x) => new(x.alias(), zeros_like(x));

        internal override Mapped Generate(Tensor y) => new(y.alias(), zeros_like(y));
    }
}
