using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Training;

/// <summary>
/// Gaussian noise on the modelled columns of training rows: the flow learns a density that is smooth on its scale, where
/// few rows would otherwise be learned by heart.
/// </summary>
/// <remarks>
/// A pure function of seed, pass and position, so any worker adds the same. Source: Rothfuss et al. 2019, "Noise
/// Regularization for Conditional Density Estimation", https://arxiv.org/abs/1907.08982.
/// </remarks>
internal sealed class TrainingNoise(FlowSpec spec, double deviations)
{
    private readonly CounterRandom _random = new(spec.Seed, "noise");
    private readonly double[] _scale = [.. spec.Standardize().Scale.Select(scale => scale * deviations)];
    private readonly int _width = spec.Columns.Length + spec.Context.Length;

    /// <summary>Adds noise to rows <c>[B, D + C]</c> that stand at a position of a pass.</summary>
    internal void Add(long pass, long first, Span<double> rows)
    {
        var random = _random.At(pass);
        for (var row = 0; row < rows.Length / _width; row++)
        {
            for (var column = 0; column < _scale.Length; column++)
            {
                rows[row * _width + column] += _scale[column] * random.Normal((first + row) * _scale.Length + column);
            }
        }
    }
}
