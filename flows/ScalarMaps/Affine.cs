using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A scale and a shift; see <see cref="Affine"/>.</summary>
public sealed record AffineSpec : ScalarMapSpec
{
    /// <summary>Bound of the log-scale: scales stay within 1/10 and 10. With 10³, fifty layers overflowed fifty deviations out.</summary>
    internal const double LogScaleBound = 2.302585092994046;

    internal override int ParameterCount => 2;

    internal override IScalarMap Build() => new Affine();

    internal override IEnumerable<string> Problems() => [];
}

/// <summary>Scales and shifts: <c>z = x·exp(s) + t</c> with <c>s = a / (1 + |a| / log 10)</c>; parameters (t, a).</summary>
/// <remarks>
/// <para>log|det| = Σ s.</para>
/// <para>Source: Dinh et al. 2017, "Real NVP", https://arxiv.org/abs/1605.08803; the soft bound keeps scales within 1/10 and 10.</para>
/// </remarks>
internal sealed class Affine : IScalarMap
{
    private static readonly Scalar Bound = AffineSpec.LogScaleBound.ToScalar();

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var (shift, logScale) = Split(parameters);
        return new Mapped((x * logScale.exp()).Plus(shift), logScale.sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var (shift, logScale) = Split(parameters);
        return new Mapped((z - shift) * (-logScale).exp(), -logScale.sum(1));
    }

    private static (Tensor Shift, Tensor LogScale) Split(Tensor parameters)
    {
        var raw = parameters.select(-1, 1);
        return (parameters.select(-1, 0), raw / raw.abs().div(Bound).Plus(Scalars.One));
    }
}
