using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A monotone rational-quadratic spline of a circle; see <see cref="CircularRationalQuadratic"/>.</summary>
/// <param name="Bins">Bins K around the circle.</param>
/// <param name="Bound">B: the circle is [−B, B] with its ends joined; π for a column that is an angle.</param>
public sealed record CircularRationalQuadraticSpec(int Bins, double Bound = CircularRationalQuadraticSpec.Angle) : ScalarMapSpec
{
    /// <summary>π: the bound of angles.</summary>
    internal const double Angle = Math.PI;

    internal override int ParameterCount => 3 * Bins + 1;

    internal override IScalarMap Build() => new CircularRationalQuadratic(this);

    internal override IEnumerable<string> Problems() => [.. Foreign("circular-rational-quadratic"), .. SplineBins.Problems("circular-rational-quadratic", Bins, Bound)];
}

/// <summary>Turns a circle and bends it by a rational-quadratic spline whose slopes agree where its ends meet: <c>z = s(x + φ)</c>, everything modulo 2B. On a uniform base it is a density of angles.</summary>
/// <remarks>
/// <para>Parameters a column: φ, K logits of the widths, K of the heights and K numbers of the slopes, the last end having the slope of the first. Values off the circle are brought onto it.</para>
/// <para>Source: Rezende et al. 2020, "Normalizing Flows on Tori and Spheres", https://arxiv.org/abs/2002.02428, section 2.1; the spline is that of <see cref="RationalQuadratic"/>.</para>
/// </remarks>
internal sealed class CircularRationalQuadratic(CircularRationalQuadraticSpec spec) : IScalarMap
{
    private readonly SplineBins _bins = new(spec.Bins, spec.Bound);
    private readonly OwnKnots _made = new(new RationalQuadraticSpec(spec.Bins, spec.Bound));
    private readonly Scalar _minusBound = (-spec.Bound).ToScalar();

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var knots = KnotsOf(parameters);
        var turned = Wrapped(x.Plus(parameters.select(-1, 0)));
        var bin = knots.Bin(turned, knots.X);
        var (value, logSlope) = bin.At(((turned - bin.X) / bin.Width).clamp(Scalars.Zero, Scalars.One));
        return new Mapped(value, logSlope.sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var knots = KnotsOf(parameters);
        var wrapped = Wrapped(z);
        var bin = knots.Bin(wrapped, knots.Y);
        var position = bin.Solve(wrapped);
        return new Mapped(Wrapped((position * bin.Width).Plus(bin.X) - parameters.select(-1, 0)), -bin.At(position).LogSlope.sum(1)); // at the x that was found, so that both directions cancel
    }

    private RationalQuadraticKnots KnotsOf(Tensor parameters)
    {
        var slopes = _made.Slopes(parameters.narrow(-1, 1 + 2 * spec.Bins, spec.Bins));
        return RationalQuadraticKnots.Of(
            _bins.Sizes(parameters.narrow(-1, 1, spec.Bins)), _bins.Sizes(parameters.narrow(-1, 1 + spec.Bins, spec.Bins)), cat([slopes, slopes.narrow(-1, 0, 1)], -1), _minusBound);
    }

    /// <summary>The same place of the circle within ±B.</summary>
    private Tensor Wrapped(Tensor values) => _bins.Clamp(values - values.div(_bins.Interval).round().mul(_bins.Interval));
}
