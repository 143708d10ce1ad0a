using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A monotone Bernstein polynomial; see <see cref="Bernstein"/>.</summary>
/// <param name="Degree">Degree M.</param>
/// <param name="Bound">B: a polynomial on [−B, B], straight lines outside.</param>
public sealed record BernsteinSpec(int Degree, double Bound) : ScalarMapSpec
{
    internal const int MostDegree = 50;

    internal override int ParameterCount => Degree + 1;

    internal override Capability Can => Capability.IterativeGenerate;

    internal override IScalarMap Build() => new Bernstein(this);

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in Foreign("bernstein")) yield return problem;
        if (Degree is < 1 or > MostDegree) yield return $"bernstein has degree {Degree}; 1 to {MostDegree} are possible.";
        if (!(Bound > 0) || !double.IsFinite(Bound)) yield return $"bernstein has bound {Bound}; it must be finite and above zero.";
    }
}

/// <summary>
/// A polynomial of degree M in Bernstein's form on [−B, B], <c>z = Σ_k c_k (M over k) t^k (1 − t)^(M−k)</c> with t = (x + B)/2B, and on by its tangents outside.
/// </summary>
/// <remarks>
/// <para>Increasing coefficients make it increasing: <c>c_k = −B + b + Σ_{j ≤ k} d_j</c> with d_j = (softplus(u_j + log(e − 1)) + a least one)·2B/M; parameters (b, u₁ … u_M) a column; zeros are nearly the identity.
/// It is differentiable at ±B and reaches all of R. Generate solves for the root.</para>
/// <para>log z′ = log Σ_k d_k (M−1 over k) t^k (1 − t)^(M−1−k) + log(M / 2B).</para>
/// <para>Source: Sick et al. 2021, "Deep transformation models", https://arxiv.org/abs/2004.00464; Ramasinghe et al. 2021, "Robust normalizing flows using Bernstein-type polynomials", https://arxiv.org/abs/2102.03509.</para>
/// </remarks>
internal sealed class Bernstein(BernsteinSpec spec) : IScalarMap
{
    private static readonly Scalar MinSlope = RationalQuadraticSpec.MinSlope.ToScalar();

    private readonly double[] _heights = Binomials(spec.Degree);
    private readonly double[] _slopes = Binomials(spec.Degree - 1);
    private readonly Scalar _bound = spec.Bound.ToScalar();
    private readonly Scalar _minusBound = (-spec.Bound).ToScalar();
    private readonly Scalar _interval = (2 * spec.Bound).ToScalar();
    private readonly Scalar _step = (2 * spec.Bound / spec.Degree).ToScalar();

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var (value, slope) = At(x, Coefficients(parameters));
        return new Mapped(value, slope.log().sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var coefficients = Coefficients(parameters);
        var x = MonotoneRoot.Solve(at => At(at, coefficients), z);
        return new Mapped(x, -At(x, coefficients).Slope.log().sum(1)); // at the x that was found, so that both directions cancel
    }

    /// <summary>The coefficients <c>[B, T, M + 1]</c> and their differences <c>[B, T, M]</c>.</summary>
    private (Tensor Values, Tensor Steps) Coefficients(Tensor parameters)
    {
        var steps = parameters.narrow(-1, 1, spec.Degree).UnitSoftplus().Plus(MinSlope).mul(_step);
        var first = parameters.narrow(-1, 0, 1).Plus(_minusBound);
        return (cat([first, first.Plus(steps.cumsum(-1))], -1), steps);
    }

    private (Tensor Value, Tensor Slope) At(Tensor x, (Tensor Values, Tensor Steps) coefficients)
    {
        var inside = x.clamp(_minusBound, _bound);
        var t = inside.Plus(_bound).div(_interval).clamp(Scalars.Zero, Scalars.One);
        var slope = (coefficients.Steps * Basis(t, _slopes)).sum(-1).div(_step);
        return ((coefficients.Values * Basis(t, _heights)).sum(-1).Plus(slope * (x - inside)), slope);
    }

    /// <summary>The polynomials <c>(n over k) t^k (1 − t)^(n−k)</c>: <c>[B, T]</c> to <c>[B, T, n + 1]</c>.</summary>
    private static Tensor Basis(Tensor t, double[] binomials)
    {
        var (powers, rest) = (Powers(t, binomials.Length), Powers(t.OneMinus(), binomials.Length).flip(-1));
        return powers * rest * tensor(binomials, t.dtype);
    }

    /// <summary>1, t, t² …: by products, whose gradients are finite at zero.</summary>
    private static Tensor Powers(Tensor t, int count)
    {
        var powers = new Tensor[count];
        powers[0] = ones_like(t);
        for (var k = 1; k < count; k++) powers[k] = powers[k - 1] * t;
        return stack(powers, -1);
    }

    private static double[] Binomials(int n)
    {
        var row = new double[n + 1];
        row[0] = 1;
        for (var k = 1; k <= n; k++) row[k] = row[k - 1] * (n - k + 1) / k;
        return row;
    }
}
