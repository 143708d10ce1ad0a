using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Training;

/// <summary>
/// Gaussian noise on the modelled columns of training rows: the flow learns a density that is smooth on its scale, where
/// few rows would otherwise be learned by heart.
/// </summary>
/// <remarks>
/// <para>
/// With a spread s &gt; 1 the deviation of a row is drawn anew at every visit, its logarithm uniformly between those of
/// σ/s and σ. The flow then sees every row through a mixture of Gaussian kernels that falls as a power of the distance and
/// prefers no scale in between: fine structure lives on where rows are dense, and where they are sparse the wide kernels
/// fill the gaps. One deviation for all must choose between the two.
/// </para>
/// <para>
/// A pure function of seed, pass and position, so any worker adds the same. Source: Rothfuss et al. 2019, "Noise
/// Regularization for Conditional Density Estimation", https://arxiv.org/abs/1907.08982; kernels of many widths after
/// Abramson 1982, "On Bandwidth Variation in Kernel Estimates".
/// </para>
/// </remarks>
internal sealed class TrainingNoise(FlowSpec spec, NoiseScale noise)
{
    private readonly CounterRandom _random = new(spec.Seed, "noise");
    private readonly CounterRandom _spread = new(spec.Seed, "noise spread");
    private readonly double[] _scale = [.. spec.Standardize().Scale.Select(scale => scale * noise.Deviations)];
    private readonly double _narrowing = -Math.Log(noise.Spread);
    private readonly int _width = spec.Columns.Length + spec.Context.Length;

    /// <summary>Adds noise to rows <c>[B, D + C]</c> that stand at a position of a pass.</summary>
    internal void Add(long pass, long first, Span<double> rows)
    {
        var (random, spread) = (_random.At(pass), _spread.At(pass));
        for (var row = 0; row < rows.Length / _width; row++)
        {
            var share = _narrowing == 0 ? 1 : Math.Exp(_narrowing * spread.Uniform(first + row));
            for (var column = 0; column < _scale.Length; column++)
            {
                rows[row * _width + column] += share * _scale[column] * random.Normal((first + row) * _scale.Length + column);
            }
        }
    }
}
