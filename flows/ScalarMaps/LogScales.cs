using System.Text.Json.Serialization;
using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>Which of its two scales an affine map of nflows has.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<NflowsScale>))]
public enum NflowsScale
{
    /// <summary><c>σ(a + 2) + 10⁻³</c>: of its affine coupling layers.</summary>
    [JsonStringEnumMemberName("sigmoid")]
    Sigmoid,

    /// <summary><c>softplus(a) + 10⁻³</c>: of its affine autoregressive layers.</summary>
    [JsonStringEnumMemberName("softplus")]
    Softplus,
}

/// <summary>
/// The log-scale s of an affine map from the number a: ours <c>a / (1 + |a| / log 10)</c>, which keeps scales within 1/10 and 10;
/// zuko's the same with 10³; nflows' the logarithm of a <see cref="NflowsScale"/>.
/// </summary>
internal static class LogScales
{
    private static readonly Scalar Ours = AffineSpec.LogScaleBound.ToScalar();
    private static readonly Scalar Zuko = ZukoSlope.LogBound.ToScalar();
    private static readonly Scalar Least = 1e-3.ToScalar();

    internal static Func<Tensor, Tensor> Of(AffineSpec spec) => spec switch
    {
        { Parametrisation: Parametrisation.Zuko } => a => SoftClipped(a, Zuko),
        { Parametrisation: Parametrisation.Nflows, Scale: NflowsScale.Softplus } => a => a.Softplus().Plus(Least).log(),
        { Parametrisation: Parametrisation.Nflows } => a => a.Plus(Scalars.Two).sigmoid().Plus(Least).log(),
        _ => a => SoftClipped(a, Ours),
    };

    /// <summary><c>a / (1 + |a| / bound)</c>.</summary>
    internal static Tensor SoftClipped(Tensor a, Scalar bound) => a / a.abs().div(bound).Plus(Scalars.One);
}

/// <summary>The least slope of zuko's maps, by its default.</summary>
internal static class ZukoSlope
{
    /// <summary>10⁻³.</summary>
    internal const double Least = 1e-3;

    /// <summary>−log 10⁻³.</summary>
    internal static readonly double LogBound = -Math.Log(Least);
}
