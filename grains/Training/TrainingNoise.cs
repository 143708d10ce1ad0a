using FlowGrain.Flows;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Training;

/// <summary>
/// Gaussian noise on the modelled columns of training rows: the flow learns a density that is smooth on its scale, where
/// few rows would otherwise be learned by heart.
/// </summary>
/// <remarks>
/// <para>
/// One deviation for all rows must choose: wide, it blurs what is dense; narrow, it leaves gaps where rows are sparse. With a
/// share s the deviation of a row follows the density instead: s times the distance to the nearest other row among the 256
/// that come together in a shard, which are a sample of all, and at most the largest deviation. So no index over the
/// table is needed, however large it is. The distance is that of one column on average, |x − y|/√D in deviations; rows that
/// are equal say nothing of it.
/// </para>
/// <para>
/// A pure function of seed, pass, position and the rows of the shard, so any worker adds the same. Source: Rothfuss et al.
/// 2019, "Noise Regularization for Conditional Density Estimation", https://arxiv.org/abs/1907.08982; widths that follow the
/// density after Breiman, Meisel, Purcell 1977, "Variable Kernel Estimates of Multivariate Densities".
/// </para>
/// </remarks>
internal sealed class TrainingNoise(FlowSpec spec, NoiseScale noise)
{
    /// <summary>Rows among which a neighbour is looked for.</summary>
    internal const int Together = 256;

    private readonly CounterRandom _random = new(spec.Seed, "noise");
    private readonly double[] _scale = [.. spec.Standardize().Scale];
    private readonly bool[] _isAngle = [.. spec.Columns.Select((_, column) => spec.Marginal()?.Maps[column] is CircleMap)];
    private readonly double[] _nearest = new double[Together];
    private readonly double[] _normals = new double[Together * spec.Columns.Length];
    private readonly int _width = spec.Columns.Length + spec.Context.Length;

    /// <summary>Adds noise to the rows <c>[B, D + C]</c> of a shard that stand at a position of a pass.</summary>
    internal void Add(long pass, long first, Span<double> rows)
    {
        Map(rows, static (map, x) => map.Normalize(x, out _));
        for (var rest = rows; !rest.IsEmpty; first += Together)
        {
            var group = rest[..Math.Min(rest.Length, Together * _width)];
            if (noise.Share > 0) FindNearest(group);
            Blur(pass, first, group);
            rest = rest[group.Length..];
        }

        Map(rows, static (map, y) => map.Generate(y));
    }

    /// <summary>Distances and noise are those of columns that are mapped, where they are: a bounded one stays inside.</summary>
    private void Map(Span<double> rows, Func<MarginalMap, double, double> map)
    {
        if (spec.Marginal() is not { } marginal) return;
        for (var row = 0; row < rows.Length; row += _width)
            for (var column = 0; column < _scale.Length; column++) rows[row + column] = map(marginal.Maps[column], rows[row + column]);
    }

    private void Blur(long pass, long first, Span<double> rows)
    {
        _random.At(pass).Normals(first * _scale.Length, _normals.AsSpan(0, rows.Length / _width * _scale.Length));
        for (var row = 0; row < rows.Length / _width; row++)
        {
            var deviations = noise.Share > 0 ? Math.Min(noise.Deviations, noise.Share * Math.Sqrt(_nearest[row] / _scale.Length)) : noise.Deviations;
            for (var column = 0; column < _scale.Length; column++)
            {
                rows[row * _width + column] += deviations * _scale[column] * _normals[row * _scale.Length + column];
            }
        }
    }

    /// <summary>The squared distance of each row to the nearest that is not equal to it; infinite where there is none.</summary>
    private void FindNearest(ReadOnlySpan<double> rows)
    {
        var count = rows.Length / _width;
        _nearest.AsSpan().Fill(double.PositiveInfinity);
        for (var one = 0; one < count; one++)
        {
            for (var other = 0; other < one; other++)
            {
                var distance = Distance(rows.Slice(one * _width, _scale.Length), rows.Slice(other * _width, _scale.Length));
                if (distance == 0) continue;
                if (distance < _nearest[one]) _nearest[one] = distance;
                if (distance < _nearest[other]) _nearest[other] = distance;
            }
        }
    }

    private double Distance(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        var sum = 0.0;
        for (var column = 0; column < one.Length; column++)
        {
            var difference = (one[column] - other[column]) / _scale[column];
            if (_isAngle[column]) difference = Math.IEEERemainder(difference, Math.Tau); // the shorter way round
            sum += difference * difference;
        }

        return sum;
    }
}
