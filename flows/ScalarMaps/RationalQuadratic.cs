using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A monotone rational-quadratic spline; see <see cref="RationalQuadratic"/>.</summary>
/// <param name="Bins">Bins K inside the bound.</param>
/// <param name="Bound">B: the spline acts on [−B, B] and is the identity outside.</param>
public sealed record RationalQuadraticSpec(int Bins, double Bound) : ScalarMapSpec
{
    /// <summary>Smallest width and height of a bin, as a share of the interval.</summary>
    internal const double MinBin = 1e-3;

    /// <summary>Smallest slope at a knot; smaller ones make the inverse lose more than three digits in float32.</summary>
    internal const double MinSlope = 1e-3;

    /// <summary>softplus(this) + <see cref="MinSlope"/> = 1.</summary>
    internal static readonly double UnitSlope = PortableMath.Log(PortableMath.Exp(1 - MinSlope) - 1);

    /// <summary>Units by whose root nflows divides the logits of widths and heights: those of a coupling layer's net. Null where nothing divides them.</summary>
    public int? LogitUnits { get; init; }

    internal override int ParameterCount => 3 * Bins - 1;

    internal override IScalarMap Build() => new RationalQuadratic(this);

    internal override IEnumerable<string> Problems()
    {
        if (Bins < 2 || Bins * MinBin >= 1) yield return $"rational-quadratic has {Bins} bins; 2 to {1 / MinBin - 1:0} are possible.";
        if (LogitUnits is { } units && (units < 1 || Parametrisation != Parametrisation.Nflows)) yield return $"rational-quadratic divides its logits by the root of {units}; only the parametrisation nflows does, by that of 1 or more.";
        if (!(Bound > 0) || !double.IsFinite(Bound)) yield return $"rational-quadratic has bound {Bound}; it must be finite and above zero.";
    }
}

/// <summary>
/// A monotone rational-quadratic spline with K bins on [−B, B] and the identity outside. With ξ the position in the bin,
/// w and h its width and height, s = h/w and δ₀, δ₁ the slopes at its knots:
/// <c>z = y₀ + h (s ξ² + δ₀ ξ(1−ξ)) / (s + (δ₁ + δ₀ − 2s) ξ(1−ξ))</c>.
/// </summary>
/// <remarks>
/// <para>Parameters a column: K logits of the widths, K of the heights, K−1 of the inner slopes; the outer slopes are 1.
/// <see cref="SplineKnots"/> makes sizes and slopes of them, as the parametrisation says.</para>
/// <para>log z′ = 2 log s + log(δ₁ξ² + 2sξ(1−ξ) + δ₀(1−ξ)²) − 2 log(s + (δ₁ + δ₀ − 2s)ξ(1−ξ)).</para>
/// <para>Source: Durkan et al. 2019, "Neural Spline Flows", https://arxiv.org/abs/1906.04032, equations 4 to 8 and 29 to 32.</para>
/// </remarks>
internal sealed class RationalQuadratic(RationalQuadraticSpec spec) : IScalarMap
{
    private readonly SplineConstants _constants = new(spec);

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var inside = x.abs().le(_constants.Bound);
        // The untaken side must be harmless as well: autograd multiplies its gradient by 0, and 0·∞ is NaN.
        var safe = x.clamp(_constants.MinusBound, _constants.Bound);
        var knots = KnotsOf(parameters);
        var bin = knots.Bin(safe, knots.X);
        var position = ((safe - bin.X) / bin.Width).clamp(Scalars.Zero, Scalars.One);
        var (value, logSlope) = bin.At(position);
        return new Mapped(where(inside, value, bin.Beyond(x)), where(inside, logSlope, zeros_like(logSlope)).sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var inside = z.abs().le(_constants.Bound);
        var safe = z.clamp(_constants.MinusBound, _constants.Bound);
        var knots = KnotsOf(parameters);
        var bin = knots.Bin(safe, knots.Y);
        var position = bin.Solve(safe);
        // The slope is taken at the x that was found, so that both directions cancel.
        var (_, logSlope) = bin.At(position);
        return new Mapped(where(inside, (position * bin.Width).Plus(bin.X), bin.Beyond(z)), -where(inside, logSlope, zeros_like(logSlope)).sum(1));
    }

    private RationalQuadraticKnots KnotsOf(Tensor parameters)
    {
        var (bins, made) = (_constants.Bins, _constants.Knots);
        var width = made.Shares(parameters.narrow(-1, 0, bins)).mul(_constants.Interval);
        var height = made.Shares(parameters.narrow(-1, bins, bins)).mul(_constants.Interval);
        var slope = pad(made.Slopes(parameters.narrow(-1, 2 * bins, bins - 1)), [1, 1], mode: PaddingModes.Constant, value: 1);
        return RationalQuadraticKnots.Of(width, height, slope, _constants.MinusBound);
    }
}

/// <summary>The constants of a spline's expressions; see <see cref="Scalars"/>.</summary>
internal sealed class SplineConstants(RationalQuadraticSpec spec)
{
    internal int Bins { get; } = spec.Bins;

    internal Scalar Bound { get; } = spec.Bound.ToScalar();

    internal Scalar MinusBound { get; } = (-spec.Bound).ToScalar();

    internal Scalar Interval { get; } = (2 * spec.Bound).ToScalar();

    internal SplineKnots Knots { get; } = SplineKnots.Of(spec);
}
