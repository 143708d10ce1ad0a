using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A monotone spline of parabolas; see <see cref="QuadraticSpline"/>.</summary>
/// <param name="Bins">Bins K inside the bound.</param>
/// <param name="Bound">B: the spline acts on [−B, B] and is the identity outside.</param>
public sealed record QuadraticSplineSpec(int Bins, double Bound) : ScalarMapSpec
{
    internal override int ParameterCount => 2 * Bins + 1;

    internal override IScalarMap Build() => new QuadraticSpline(this);

    internal override IEnumerable<string> Problems() => [.. Foreign("quadratic-spline"), .. SplineBins.Problems("quadratic-spline", Bins, Bound)];
}

/// <summary>
/// A monotone spline of K parabolas on [−B, B], the identity outside: its slope is piecewise linear through s₀ … s_K, so in a bin of
/// width w <c>z = y + w (s₀ ξ + (s₁ − s₀) ξ²/2)</c> with ξ the position in it. The density is a polygon.
/// </summary>
/// <remarks>
/// <para>Parameters a column: K logits of the widths, K + 1 numbers u of the slopes, <c>softplus(u + log(e − 1))</c> and a least slope, scaled such that
/// the spline ends where it should. log z′ = log(s₀ + (s₁ − s₀) ξ).</para>
/// <para>Source: Müller et al. 2019, "Neural Importance Sampling", https://arxiv.org/abs/1808.03856, section 4.2.</para>
/// </remarks>
internal sealed class QuadraticSpline(QuadraticSplineSpec spec) : IScalarMap
{
    private static readonly Scalar MinSlope = RationalQuadraticSpec.MinSlope.ToScalar();

    private readonly SplineBins _knots = new(spec.Bins, spec.Bound);

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var (inside, safe, pieces) = (_knots.Inside(x), _knots.Clamp(x), Bins(parameters));
        var index = SplineBins.Index(safe, pieces.X);
        var (bin, position) = (pieces.At(index), SplineBins.Position(safe, (pieces.X, pieces.Width), index));
        var value = bin.Y.Plus(bin.Width * position * bin.Slope0.Plus(bin.Rise * position.mul(Scalars.Half)));
        return new Mapped(where(inside, value, x), where(inside, bin.LogSlope(position), zeros_like(x)).sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var (inside, safe, pieces) = (_knots.Inside(z), _knots.Clamp(z), Bins(parameters));
        var bin = pieces.At(SplineBins.Index(safe, pieces.Y));
        var position = bin.Solve(safe);
        return new Mapped(where(inside, bin.X.Plus(bin.Width * position), z), -where(inside, bin.LogSlope(position), zeros_like(z)).sum(1)); // at the x that was found, so that both directions cancel
    }

    private Pieces Bins(Tensor parameters)
    {
        var width = _knots.Sizes(parameters.narrow(-1, 0, spec.Bins));
        var raw = parameters.narrow(-1, spec.Bins, spec.Bins + 1).UnitSoftplus().Plus(MinSlope);
        var height = width * raw.narrow(-1, 0, spec.Bins).Plus(raw.narrow(-1, 1, spec.Bins)).mul(Scalars.Half);
        var scale = full_like(width.narrow(-1, 0, 1), _knots.Interval) / height.sum(-1, keepdim: true);
        var (slope, image) = (raw * scale, height * scale);
        return new Pieces(_knots.Below(width), width, _knots.Below(image), slope.narrow(-1, 0, spec.Bins), slope.narrow(-1, 1, spec.Bins));
    }

    /// <summary>Lower ends, sizes and images of the bins <c>[B, T, K]</c>, and the slopes at their ends.</summary>
    private readonly record struct Pieces(Tensor X, Tensor Width, Tensor Y, Tensor Slope0, Tensor Slope1)
    {
        internal Piece At(Tensor index)
        {
            var slope0 = SplineBins.At(Slope0, index);
            return new Piece(SplineBins.At(X, index), SplineBins.At(Width, index), SplineBins.At(Y, index), slope0, SplineBins.At(Slope1, index) - slope0);
        }
    }

    /// <summary>The bin of each value, all <c>[B, T]</c>: its lower end and width, where that end goes, the slope there and how much it rises.</summary>
    private readonly record struct Piece(Tensor X, Tensor Width, Tensor Y, Tensor Slope0, Tensor Rise)
    {
        internal Tensor LogSlope(Tensor position) => Slope0.Plus(Rise * position).log();

        /// <summary>The position whose value is given, in the form of the root that does not cancel.</summary>
        internal Tensor Solve(Tensor value)
        {
            var along = (value - Y) / Width;
            var root = Slope0.Squared().Plus((Rise * along).mul(Scalars.Two)).clamp_min(Scalars.LeastNormal).sqrt(); // at zero its slope were infinite
            return (along.mul(Scalars.Two) / Slope0.Plus(root)).clamp(Scalars.Zero, Scalars.One);
        }
    }
}
