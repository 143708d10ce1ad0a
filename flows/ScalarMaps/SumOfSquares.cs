using FlowGrain.Flows.Numerics;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Flows.ScalarMaps;

/// <summary>A polynomial whose slope is a sum of squares; see <see cref="SumOfSquares"/>.</summary>
/// <param name="Squares">Squared polynomials K.</param>
/// <param name="Degree">Degree r of each.</param>
/// <param name="Bound">B: a polynomial on [−B, B], straight lines outside.</param>
public sealed record SumOfSquaresSpec(int Squares, int Degree, double Bound = 5) : ScalarMapSpec
{
    internal const int MostDegree = 4;
    internal const double MostBound = 20; // to the ninth power a number of float32 still has room above it

    internal override int ParameterCount => 1 + Squares * (Degree + 1);

    internal override Capability Can => Capability.IterativeGenerate;

    internal override IScalarMap Build() => new SumOfSquares(this);

    internal override IEnumerable<string> Problems()
    {
        foreach (var problem in Foreign("sum-of-squares")) yield return problem;
        if (Squares is < 1 or > MostUnits) yield return $"sum-of-squares has {Squares} polynomials; 1 to {MostUnits} are possible.";
        if (Degree is < 1 or > MostDegree) yield return $"sum-of-squares has degree {Degree}; 1 to {MostDegree} are possible.";
        if (!(Bound > 0 && Bound <= MostBound)) yield return $"sum-of-squares has bound {Bound}; it must be above zero and at most {MostBound}.";
    }
}

/// <summary>An increasing polynomial of degree 2r + 1 on [−B, B], <c>z = b + ∫₀ˣ (Σ_k (Σ_l a_kl uˡ)² + ε) du</c>, and on by its tangents outside, where its powers would leave float32 behind.</summary>
/// <remarks>
/// <para>Parameters a column: b, and K rows of r + 1 coefficients, to which 1/√K is added in front, so that zeros are the identity but for ε. The slope never falls below ε, so it reaches all of R; it is differentiable at ±B. Generate solves for the root.</para>
/// <para>log z′ = log(Σ_k (Σ_l a_kl xˡ)² + ε), at ±B outside.</para>
/// <para>Source: Jaini et al. 2019, "Sum-of-Squares Polynomial Flow", https://arxiv.org/abs/1905.02325.</para>
/// </remarks>
internal sealed class SumOfSquares(SumOfSquaresSpec spec) : IScalarMap
{
    private static readonly Scalar LeastSlope = RationalQuadraticSpec.MinSlope.ToScalar();

    private readonly Scalar _bound = spec.Bound.ToScalar();
    private readonly Scalar _minusBound = (-spec.Bound).ToScalar();
    private readonly Scalar _first = (1 / Math.Sqrt(spec.Squares)).ToScalar(); // with it, zeros have slope 1

    public Mapped Normalize(Tensor x, Tensor parameters)
    {
        var (value, slope) = At(x, Of(parameters));
        return new Mapped(value, slope.log().sum(1));
    }

    public Mapped Generate(Tensor z, Tensor parameters)
    {
        var polynomial = Of(parameters);
        var x = MonotoneRoot.Solve(at => At(at, polynomial), z);
        return new Mapped(x, -At(x, polynomial).Slope.log().sum(1)); // at the x that was found, so that both directions cancel
    }

    private (Tensor Value, Tensor Slope) At(Tensor x, Polynomial polynomial)
    {
        var inside = x.clamp(_minusBound, _bound);
        var powers = Powers(inside, polynomial.Slope.shape[^1]);
        var slope = (polynomial.Slope * powers).sum(-1).Plus(LeastSlope);
        var value = (polynomial.Integral * powers).sum(-1).Plus(LeastSlope) * inside;
        return (value.Plus(polynomial.Shift).Plus(slope * (x - inside)), slope);
    }

    private static Tensor Powers(Tensor x, long count)
    {
        var powers = new Tensor[count];
        powers[0] = ones_like(x);
        for (var k = 1; k < count; k++) powers[k] = powers[k - 1] * x;
        return stack(powers, -1);
    }

    private Polynomial Of(Tensor parameters)
    {
        var width = spec.Degree + 1;
        var rows = parameters.narrow(-1, 1, spec.Squares * width).reshape(parameters.shape[0], parameters.shape[1], spec.Squares, width);
        var a = cat([rows.narrow(-1, 0, 1).Plus(_first), rows.narrow(-1, 1, spec.Degree)], -1);
        var slope = stack([.. Enumerable.Range(0, 2 * spec.Degree + 1).Select(power => Coefficient(a, power, spec.Degree))], -1);
        var divisors = tensor(Enumerable.Range(1, 2 * spec.Degree + 1).Select(power => 1.0 / power).ToArray(), parameters.dtype);
        return new Polynomial(parameters.select(-1, 0), slope, slope * divisors);
    }

    /// <summary>Σ_k Σ_l a_kl a_k,power−l.</summary>
    private static Tensor Coefficient(Tensor a, int power, int degree)
    {
        var first = Math.Max(0, power - degree);
        return Enumerable.Range(first, Math.Min(power, degree) - first + 1).Select(l => a.select(-1, l) * a.select(-1, power - l)).Aggregate((sum, term) => sum.Plus(term)).sum(-1);
    }

    /// <summary>b, and the coefficients <c>[B, T, 2r + 1]</c> of the slope and of its integral divided by x.</summary>
    private readonly record struct Polynomial(Tensor Shift, Tensor Slope, Tensor Integral);
}
