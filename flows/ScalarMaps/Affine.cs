using System.Text.Json.Serialization;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A scale and a shift; see <see cref="Affine"/>.</summary>
public sealed record AffineSpec : ScalarMapSpec
{
    /// <summary>Bound of the log-scale: scales stay within 1/10 and 10. With 10³, fifty layers overflowed fifty deviations out.</summary>
    internal const double LogScaleBound = 2.302585092994046;

    /// <summary>Which of nflows' two scales it is; of no account in another parametrisation.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public NflowsScale Scale { get; init; }

    internal override int ParameterCount => 2;

    internal override IScalarMap Build() => new Affine(LogScales.Of(this));

    internal override IEnumerable<string> Problems()
    {
        if (Scale != default && Parametrisation != Parametrisation.Nflows) yield return $"affine has the scale {Scale}, which only the parametrisation nflows knows.";
    }
}

/// <summary>Scales and shifts: <c>z = x·exp(s) + t</c>; parameters (t, a), and s as <see cref="LogScales"/> makes it of a.</summary>
/// <remarks>
/// <para>log|det| = Σ s.</para>
/// <para>Source: Dinh et al. 2017, "Real NVP", https://arxiv.org/abs/1605.08803.</para>
/// </remarks>
internal sealed class Affine(Func<Tensor, Tensor> logScaleOf) : IScalarMap
{
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

    private (Tensor Shift, Tensor LogScale) Split(Tensor parameters) => (parameters.select(-1, 0), logScaleOf(parameters.select(-1, 1)));
}
