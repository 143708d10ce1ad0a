using static TorchSharp.torch;

namespace FlowGrain.Flows.Numerics;

/// <summary>
/// log|det(I + J)| of matrices of norm below one, estimated without bias from products with vectors: the series <c>Σ (−1)ᵏ⁺¹ tr(Jᵏ)/k</c>
/// broken off at a random term, whose later terms count the more, the rarer they are ("Russian roulette"), with traces from one random vector of signs.
/// </summary>
/// <remarks>
/// The gradient is estimated from the same vector and terms by <c>Σ (−1)ᵏ vᵀJᵏ dJ v</c>, of which only dJ v has to be remembered.
/// Source: Chen et al. 2019, "Residual Flows for Invertible Generative Modeling", https://arxiv.org/abs/1906.02735, equations 6 and 8.
/// </remarks>
/// <param name="Vectors">Signs, <c>[B, D]</c>.</param>
/// <param name="Weights">What term k counts in each row, <c>[K, B, 1]</c>: 1 for those always taken, then 2, 4, … until the row's last, then 0.</param>
internal sealed record NeumannSeries(Tensor Vectors, Tensor Weights)
{
    private const int MostBeyond = 60; // terms that chance adds; more come once in 10¹⁸ rows

    /// <summary>The random vector and last term of each row.</summary>
    /// <param name="random">The stream of a row.</param>
    /// <param name="rows">B.</param>
    /// <param name="dimension">D.</param>
    /// <param name="always">Terms that are always taken.</param>
    /// <param name="dtype">Type of the tensors.</param>
    internal static NeumannSeries Draw(Func<int, CounterRandom> random, int rows, int dimension, int always, ScalarType dtype)
    {
        var (signs, beyond) = (new double[rows * dimension], new int[rows]);
        for (var row = 0; row < rows; row++)
        {
            var own = random(row);
            for (var i = 0; i < dimension; i++) signs[row * dimension + i] = (own.Bits(i) & 1) == 0 ? -1 : 1;
            beyond[row] = Geometric(own.Bits(dimension));
        }

        var most = always + beyond.DefaultIfEmpty().Max();
        var weights = new double[most * rows];
        for (var term = 0; term < most; term++)
            for (var row = 0; row < rows; row++)
                weights[term * rows + row] = term < always ? 1 : term - always < beyond[row] ? Math.ScaleB(1, term - always) : 0;
        return new NeumannSeries(tensor(signs, rows, dimension, dtype), tensor(weights, [most, rows, 1], dtype));
    }

    /// <summary>The estimates, <c>[B]</c>.</summary>
    /// <param name="backward">vᵀJ of vectors <c>[B, D]</c>.</param>
    /// <param name="forward">J v, with its gradient.</param>
    internal Tensor LogDet(Func<Tensor, Tensor> backward, Func<Tensor, Tensor> forward)
    {
        var (value, series) = Terms(backward);
        if (!is_grad_enabled()) return value;
        var slope = (series * forward(Vectors)).sum(1);
        return value.Plus(slope - slope.detach());
    }

    private (Tensor Value, Tensor Series) Terms(Func<Tensor, Tensor> backward)
    {
        using var noGradient = no_grad();
        var (power, series, value) = (Vectors, Vectors, zeros(Vectors.shape[0], Vectors.dtype));
        for (var k = 1; k <= Weights.shape[0]; k++)
        {
            power = -backward(power);
            var term = power * Weights[k - 1];
            value -= (term * Vectors).sum(1) / tensor((double)k, Vectors.dtype);
            series = series.Plus(term);
        }

        return (value, series);
    }

    /// <summary>n ≥ 1 with chance 2⁻ⁿ, so that n or more has chance 2¹⁻ⁿ.</summary>
    private static int Geometric(ulong bits) => Math.Min(MostBeyond, System.Numerics.BitOperations.TrailingZeroCount(bits) + 1);
}
