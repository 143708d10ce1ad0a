using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A monotone spline of straight pieces; see <see cref="LinearSpline"/>.</summary>
/// <param name="Bins">Bins K inside the bound, all of one width.</param>
/// <param name="Bound">B: the spline acts on [−B, B] and is the identity outside.</param>
public sealed record LinearSplineSpec(int Bins, double Bound) : ScalarMapSpec
{
    internal override int ParameterCount => Bins;

    internal override IScalarMap Build() => new LinearSpline(this);

    internal override IEnumerable<string> Problems() => [.. Foreign("linear-spline"), .. SplineBins.Problems("linear-spline", Bins, Bound)];
}

/// <summary>A monotone spline of K straight pieces on [−B, B], the identity outside: <c>z = y_k + h_k ξ</c> with ξ the position in bin k. The density is a histogram.</summary>
/// <remarks>
/// <para>Parameters a column: K logits of the heights h. log z′ = log h_k − log w with the one width w = 2B/K.</para>
/// <para>Source: Müller et al. 2019, "Neural Importance Sampling", https://arxiv.org/abs/1808.03856, section 4.1.</para>
/// </remarks>
internal sealed class LinearSpline(LinearSplineSpec spec) : IScalarMap
{
    private readonly SplineBins _knots = new(spec.Bins, spec.Bound);
    private readonly Scalar _minusLogWidth = (-PortableMath.Log(2 * spec.Bound / spec.Bins)).ToScalar();

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var (inside, safe) = (_knots.Inside(x), _knots.Clamp(x));
        var (bins, images) = (_knots.Equal(parameters), Images(parameters));
        var index = SplineBins.Index(safe, bins.Lower);
        return new Mapped(where(inside, Moved(safe, bins, images, index), x), where(inside, LogSlope(images.Size, index), zeros_like(x)).sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var (inside, safe) = (_knots.Inside(z), _knots.Clamp(z));
        var (bins, images) = (_knots.Equal(parameters), Images(parameters));
        var index = SplineBins.Index(safe, images.Lower);
        return new Mapped(where(inside, Moved(safe, images, bins, index), z), -where(inside, LogSlope(images.Size, index), zeros_like(z)).sum(1));
    }

    private (Tensor Lower, Tensor Size) Images(Tensor parameters)
    {
        var heights = _knots.Sizes(parameters);
        return (_knots.Below(heights), heights);
    }

    private Tensor LogSlope(Tensor heights, Tensor index) => SplineBins.At(heights, index).log().Plus(_minusLogWidth);

    private static Tensor Moved(Tensor values, (Tensor Lower, Tensor Size) from, (Tensor Lower, Tensor Size) to, Tensor index) =>
        SplineBins.At(to.Lower, index).Plus(SplineBins.At(to.Size, index) * SplineBins.Position(values, from, index));
}
