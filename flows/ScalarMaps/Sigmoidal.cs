using System.Text.Json.Serialization;
using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A mixture of sigmoids; see <see cref="Sigmoidal"/>.</summary>
/// <param name="Units">Sigmoids, K.</param>
public sealed record SigmoidalSpec(int Units) : ScalarMapSpec
{
    /// <summary>Whether slopes are stretched so that at parameters zero the mean of log z′ over a normal is 0; without it layers shrink what passes them. Models that were made before this was known do without.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool UnitSlope { get; init; }

    internal override int ParameterCount => 3 * Units;

    internal override Capability Can => Capability.IterativeGenerate;

    internal override IScalarMap Build() => new Sigmoidal(this);

    internal override IEnumerable<string> Problems()
    {
        if (Units is < 1 or > MostUnits) yield return $"sigmoidal has {Units} units; 1 to {MostUnits} are possible.";
        foreach (var problem in Foreign("sigmoidal")) yield return problem;
    }
}

/// <summary>The logit of a mixture of K sigmoids: <c>z = logit(Σ w_k σ(a_k x + b_k))</c> with <c>w = softmax(l)</c>, <c>a = softplus(u + log(e − 1))</c>; parameters (l, u, b) a column.</summary>
/// <remarks>
/// <para>It reaches all of R, since every sigmoid does from 0 to 1, so that densities integrate to one. Everything is summed as
/// logarithms, in which no sigmoid is lost far out. Generate solves for the root.</para>
/// <para>Sigmoids that are equal would be moved alike for ever; so at parameters zero they lie beside one another, over ± <see cref="Spread"/>,
/// and the map is near to the identity: nearer where a is stretched, which makes up for the slope that they lose by lying apart.</para>
/// <para>log z′ = log Σ w a σ(1 − σ) − log Σ w σ − log Σ w (1 − σ).</para>
/// <para>Source: Huang et al. 2018, "Neural Autoregressive Flows", https://arxiv.org/abs/1804.00779, equation 8; with constant parameters the
/// mixture of Meng et al. 2020, "Gaussianization Flows", https://arxiv.org/abs/2003.01941, its logistic in the place of the normal quantile.</para>
/// </remarks>
internal sealed class Sigmoidal(SigmoidalSpec spec) : IScalarMap
{
    private const double Spread = 1; // with it the slope stays within 0.9 and 1, before it is stretched

    private readonly double[] _places = Places(spec.Units);
    private readonly Scalar _stretch = (spec.UnitSlope ? Stretch(Places(spec.Units)) : 1).ToScalar();

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var (z, logSlope) = At(x, Units(parameters));
        return new Mapped(z, logSlope.sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var units = Units(parameters);
        var x = MonotoneRoot.Solve(at => At(at, units) is var (value, logSlope) ? (value, logSlope.exp()) : default, z);
        return new Mapped(x, -At(x, units).LogSlope.sum(1)); // at the x that was found, so that both directions cancel
    }

    private (Tensor LogWeight, Tensor Slope, Tensor Offset) Units(Tensor parameters)
    {
        var places = tensor(_places, parameters.dtype);
        return (log_softmax(parameters.narrow(-1, 0, spec.Units), -1),
            parameters.narrow(-1, spec.Units, spec.Units).UnitSoftplus().mul(_stretch).clamp_min(Scalars.LeastNormal),
            parameters.narrow(-1, 2 * spec.Units, spec.Units).Plus(places));
    }

    private static double[] Places(int units) => [.. Enumerable.Range(0, units).Select(unit => units == 1 ? 0 : Spread * (2.0 * unit / (units - 1) - 1))];

    /// <summary>The slope a of sigmoids at these places with which the mean of log z′ over a normal is 0.</summary>
    private static double Stretch(double[] places)
    {
        const int Points = 32, Halvings = 40;

        var normals = EvenNormals.Points(Points, dimension: 1);
        var (low, high) = (1.0, 2.0); // together they have slope 1, apart less
        for (var halving = 0; halving < Halvings; halving++)
        {
            var middle = (low + high) / 2;
            if (normals.Sum(x => LogSlope(x, middle, places)) < 0) low = middle;
            else high = middle;
        }

        return (low + high) / 2;
    }

    private static double LogSlope(double x, double slope, double[] places)
    {
        var (below, above, both) = (0.0, 0.0, 0.0);
        foreach (var place in places)
        {
            var share = 1 / (1 + PortableMath.Exp(-((slope * x) + place)));
            (below, above, both) = (below + share, above + 1 - share, both + (share * (1 - share)));
        }

        return PortableMath.Log(slope * places.Length * both / (below * above));
    }

    private static (Tensor Value, Tensor LogSlope) At(Tensor x, (Tensor LogWeight, Tensor Slope, Tensor Offset) units)
    {
        var inner = (units.Slope * x.unsqueeze(-1)).Plus(units.Offset);
        var (logBelow, logAbove) = (-(-inner).Softplus(), -inner.Softplus()); // log σ and log(1 − σ)
        var (below, above) = (logsumexp(units.LogWeight.Plus(logBelow), -1), logsumexp(units.LogWeight.Plus(logAbove), -1));
        var logSlope = logsumexp(units.LogWeight.Plus(units.Slope.log()).Plus(logBelow).Plus(logAbove), -1);
        return (below - above, logSlope - below - above);
    }
}
