using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>The knots of rational-quadratic splines: lower ends and sizes of the bins <c>[B, T, K]</c>, slopes at their ends <c>[B, T, K+1]</c>.</summary>
internal readonly record struct RationalQuadraticKnots(Tensor X, Tensor Width, Tensor Y, Tensor Height, Tensor Slope)
{
    /// <summary>Of bins that begin at −B on both axes.</summary>
    internal static RationalQuadraticKnots Of(Tensor width, Tensor height, Tensor slope, Scalar minusBound) =>
        new(LowerEnds(width, minusBound), width, LowerEnds(height, minusBound), height, slope);

    /// <summary>The bin of each value, whose lower end on this axis is the last one not above it.</summary>
    internal RationalQuadraticBin Bin(Tensor values, Tensor lower)
    {
        var index = SplineBins.Index(values, lower);
        var (slope0, slope1) = (Slope.narrow(-1, 0, lower.shape[^1]), Slope.narrow(-1, 1, lower.shape[^1]));
        return new RationalQuadraticBin(SplineBins.At(X, index), SplineBins.At(Width, index), SplineBins.At(Y, index), SplineBins.At(Height, index), SplineBins.At(slope0, index), SplineBins.At(slope1, index));
    }

    private static Tensor LowerEnds(Tensor sizes, Scalar minusBound) => (sizes.cumsum(-1) - sizes).Plus(minusBound);
}

/// <summary>One bin a value: its lower knot, its sizes, its slopes; all <c>[B, T]</c>.</summary>
internal readonly record struct RationalQuadraticBin(Tensor X, Tensor Width, Tensor Y, Tensor Height, Tensor Slope0, Tensor Slope1)
{
    /// <summary>Value and log-slope at a position in [0, 1] of the bin.</summary>
    internal (Tensor Value, Tensor LogSlope) At(Tensor position)
    {
        var mean = Height / Width;
        var (square, product, restSquare) = (position.Squared(), position * position.OneMinus(), position.OneMinus().Squared());
        var denominator = mean.Plus(Bend(mean) * product); // ≥ mean/2, never zero
        var value = Y.Plus(Height * (mean * square).Plus(Slope0 * product) / denominator);
        var numerator = (Slope1 * square).Plus(mean.mul(Scalars.Two) * product).Plus(Slope0 * restSquare);
        return (value, numerator.log().Plus((mean.log() - denominator.log()).mul(Scalars.Two)));
    }

    /// <summary>The position whose value is given: the root in [0, 1] of a quadratic, in the form that does not cancel.</summary>
    internal Tensor Solve(Tensor value)
    {
        var mean = Height / Width;
        var offset = value - Y;
        var bend = Bend(mean) * offset;
        var a = (Height * (mean - Slope0)).Plus(bend);
        var b = Height * Slope0 - bend;
        var c = mean * offset;
        var root = b.Squared().Plus((a * c).mul(Scalars.Four)).clamp_min(Scalars.LeastNormal).sqrt(); // at zero its slope were infinite
        var rising = b.ge(Scalars.Zero);
        var (above, below) = (where(rising, c.mul(Scalars.Two), root - b), where(rising, b.Plus(root), a.mul(Scalars.Two)));
        return (above / below).clamp(Scalars.Zero, Scalars.One);
    }

    /// <summary>Values where the spline is the identity; no numbers where the spline is none.</summary>
    internal Tensor Beyond(Tensor values) => values.Plus(Width - Width);

    /// <summary>δ₁ + δ₀ − 2s.</summary>
    private Tensor Bend(Tensor mean) => Slope0.Plus(Slope1) - mean.mul(Scalars.Two);
}
