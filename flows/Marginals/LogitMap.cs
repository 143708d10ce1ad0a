using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.Marginals;

/// <summary>Opens a bounded column to the whole line: <c>y = log((x − low)/(high − x))</c>.</summary>
/// <remarks>log y′ = log(high − low) − log(x − low) − log(high − x). From a bound on outwards the density is zero.</remarks>
/// <param name="Low">Where the column begins, units of the data.</param>
/// <param name="High">Where it ends.</param>
public sealed record LogitMap(double Low, double High) : MarginalMap
{
    /// <inheritdoc />
    public override double Normalize(double x, out double logSlope)
    {
        if (x <= Low || x >= High)
        {
            logSlope = double.NegativeInfinity;
            return 0;
        }

        var (below, above) = (PortableMath.Log(x - Low), PortableMath.Log(High - x));
        logSlope = PortableMath.Log(High - Low) - below - above;
        return below - above;
    }

    /// <inheritdoc />
    public override double Generate(double y)
    {
        var small = PortableMath.Exp(-Math.Abs(y)); // never overflows
        var (near, far) = y < 0 ? (Low, High) : (High, Low);
        return (near + far * small) / (1 + small);
    }

    internal override TensorMap Build() => new Tensors(this);

    internal override IEnumerable<string> Problems()
    {
        if (!(double.IsFinite(Low) && double.IsFinite(High - Low) && Low < High)) yield return $"logit needs finite bounds, the lower one first, and has {Low} and {High}.";
    }

    private sealed class Tensors(LogitMap map) : TensorMap
    {
        private readonly Tensor _low = tensor(map.Low, ScalarType.Float64);
        private readonly Tensor _high = tensor(map.High, ScalarType.Float64);
        private readonly Tensor _middle = tensor(map.Low + (map.High - map.Low) / 2, ScalarType.Float64);
        private readonly Tensor _logRange = tensor(PortableMath.Log(map.High - map.Low), ScalarType.Float64);
        private readonly Tensor _nowhere = tensor(double.NegativeInfinity, ScalarType.Float64);

        internal override Mapped Normalize(Tensor x)
        {
            using var scope = NewDisposeScope();
            var outside = x.le(_low).logical_or(x.ge(_high)); // what is no number is neither
            var inside = where(outside, _middle, x); // or the gradient of the branch not taken would be NaN
            var (below, above) = ((inside - _low).log(), (_high - inside).log());
            return new Mapped(below - above, where(outside, _nowhere, _logRange - below - above)).MoveToOuterDisposeScope();
        }

        internal override Mapped Generate(Tensor y)
        {
            using var scope = NewDisposeScope();
            var small = (-y.abs()).exp(); // never overflows
            var (far, near) = (where(y.lt(zeros_like(y)), _high, _low), where(y.lt(zeros_like(y)), _low, _high));
            var x = (far * small).Plus(near) / small.Plus(Scalars.One);
            return new Mapped(x, _logRange - y.abs() - small.log1p() * Scalars.Two).MoveToOuterDisposeScope();
        }
    }
}
