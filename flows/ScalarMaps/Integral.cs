using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>The integral of a positive net; see <see cref="Integral"/>.</summary>
/// <param name="Units">Hidden units J of the net.</param>
/// <param name="Bound">B: the net is integrated on [−B, B], and its last value goes on outside.</param>
public sealed record IntegralSpec(int Units, double Bound) : ScalarMapSpec
{
    internal const double MostBound = 8; // up to here the quadrature keeps its digits, unless the net is steep

    /// <summary>Points of the quadrature.</summary>
    internal int Nodes { get; init; } = 64;

    internal override int ParameterCount => 2 + 3 * Units;

    internal override Capability Can => Capability.IterativeGenerate | Capability.Numerical;

    internal override ScalarMapSpec Finer() => this with { Nodes = 4 * Nodes };

    internal override IScalarMap Build() => new Integral(this);

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in Foreign("integral")) yield return problem;
        if (Units is < 1 or > MostUnits) yield return $"integral has {Units} units; 1 to {MostUnits} are possible.";
        if (!(Bound > 0 && Bound <= MostBound)) yield return $"integral has bound {Bound}; it must be above zero and at most {MostBound}.";
    }
}

/// <summary>The integral of a positive net of one hidden layer: <c>z = s + ∫₀ˣ f(t) dt</c> with <c>f(t) = softplus(c + Σ_j v_j tanh(a_j t + b_j) + log(e − 1)) + ε</c>.</summary>
/// <remarks>
/// <para>Parameters a column: s, c, and J numbers each of v, a and b; zeros are the identity but for ε. The steepness a stays within ±2, so that the quadrature of
/// <see cref="IntegralSpec.Nodes"/> points has ten digits where the heights v are small; what it is off by where they are not is measured when a model is published. Beyond ±B the net keeps its last value: the map is straight there, and reaches all of R. Generate solves for the root.</para>
/// <para>log z′ = log f(x).</para>
/// <para>Source: Wehenkel and Louppe 2019, "Unconstrained Monotonic Neural Networks", https://arxiv.org/abs/1908.05164; Gauss-Legendre in the place of Clenshaw-Curtis quadrature.</para>
/// </remarks>
internal sealed class Integral(IntegralSpec spec) : IScalarMap
{
    private static readonly Scalar Least = RationalQuadraticSpec.MinSlope.ToScalar();
    private static readonly Scalar InitialSteepness = (PortableMath.Log(3) / 2).ToScalar(); // 2 tanh of it is 1

    private readonly (double[] Nodes, double[] Weights) _rule = GaussLegendre.Rule(spec.Nodes) is var rule ? ([.. rule.Nodes], [.. rule.Weights]) : default;
    private readonly Scalar _bound = spec.Bound.ToScalar();
    private readonly Scalar _minusBound = (-spec.Bound).ToScalar();
    private readonly double[] _places = [.. Enumerable.Range(0, spec.Units).Select(unit => spec.Units == 1 ? 0 : 3 * (2.0 * unit / (spec.Units - 1) - 1))]; // units that were equal would stay so

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var (value, slope) = At(x, Net.Of(parameters, spec.Units, _places));
        return new Mapped(value, slope.log().sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var net = Net.Of(parameters, spec.Units, _places);
        var x = MonotoneRoot.Solve(at => At(at, net), z);
        return new Mapped(x, -At(x, net).Slope.log().sum(1)); // at the x that was found, so that both directions cancel
    }

    private (Tensor Value, Tensor Slope) At(Tensor x, Net net)
    {
        var inside = x.clamp(_minusBound, _bound);
        var (nodes, weights) = (tensor(_rule.Nodes, x.dtype), tensor(_rule.Weights, x.dtype));
        var mean = (net.At(inside.unsqueeze(-1) * nodes) * weights).sum(-1);
        var slope = net.At(inside.unsqueeze(-1)).squeeze(-1);
        return (net.Shift.Plus(inside * mean).Plus(slope * (x - inside)), slope);
    }

    /// <summary>s <c>[B, T]</c>, and of the net c <c>[B, T, 1]</c> and v, a, b <c>[B, T, 1, J]</c>.</summary>
    private readonly record struct Net(Tensor Shift, Tensor Level, Tensor Height, Tensor Steepness, Tensor Place)
    {
        internal static Net Of(Tensor parameters, int units, double[] places) => new(
            parameters.select(-1, 0),
            parameters.narrow(-1, 1, 1),
            parameters.narrow(-1, 2, units).unsqueeze(-2),
            parameters.narrow(-1, 2 + units, units).Plus(InitialSteepness).tanh().mul(Scalars.Two).unsqueeze(-2),
            parameters.narrow(-1, 2 + 2 * units, units).Plus(tensor(places, parameters.dtype)).unsqueeze(-2));

        /// <summary>f at the points <c>[B, T, N]</c>.</summary>
        internal Tensor At(Tensor points) =>
            (Height * (Steepness * points.unsqueeze(-1)).Plus(Place).tanh()).sum(-1).Plus(Level).UnitSoftplus().Plus(Least);
    }
}
