using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Tables;

/// <summary>Probabilities and draws of a <see cref="CategoricalSpec"/>.</summary>
public sealed class Categorical
{
    private readonly Dictionary<long, double> _rows = []; // by combination
    private readonly SeenLevels[] _seen;
    private readonly double[] _cumulative;
    private readonly double[][] _shares; // of the levels of each column alone
    private readonly double _total;
    private readonly bool _isCounted; // else rows have weights

    /// <summary>Of a spec for the modelled categories of a table.</summary>
    public Categorical(CategoricalSpec spec, TableSpec table)
    {
        _seen = [.. spec.Seen];
        _isCounted = _seen.All(seen => double.IsInteger(seen.Rows));
        var levels = table.Categories.Select(column => column.Levels.Length).ToArray();
        _shares = [.. levels.Select(count => Enumerable.Repeat(1.0, count).ToArray())];
        _cumulative = new double[_seen.Length];
        for (var i = 0; i < _seen.Length; i++)
        {
            var (seen, rows) = (_seen[i].Levels, _seen[i].Rows);
            _rows[Key(seen.AsSpan())] = rows;
            for (var column = 0; column < levels.Length; column++) _shares[column][seen[column]] += rows;
            _cumulative[i] = _total += rows;
        }

        foreach (var shares in _shares)
            for (var level = 0; level < shares.Length; level++) shares[level] /= _total + shares.Length;
    }

    /// <summary>log p of the levels whose indicators a flow's context begins with, nats; NaN where one is none.</summary>
    public double LogProb(ReadOnlySpan<double> context)
    {
        Span<int> levels = stackalloc int[_shares.Length];
        for (var column = 0; column < levels.Length; column++)
        {
            var indicators = context[..(_shares[column].Length - 1)];
            if (indicators.Contains(double.NaN)) return double.NaN;
            levels[column] = indicators.IndexOf(1.0) + 1;
            context = context[indicators.Length..];
        }

        return LogProb(levels);
    }

    /// <summary>log p of a combination of levels, nats.</summary>
    public double LogProb(ReadOnlySpan<int> levels)
    {
        var independent = 1.0;
        for (var column = 0; column < levels.Length; column++) independent *= _shares[column][levels[column]];
        return PortableMath.Log((_rows.GetValueOrDefault(Key(levels)) + independent) / (_total + 1));
    }

    /// <summary>Draw number <paramref name="index"/> of a stream: the levels of every column.</summary>
    public void Draw(CounterRandom random, long index, Span<int> levels)
    {
        var draws = random.At(index);
        var at = _isCounted ? draws.Below((long)_total + 1, 0) : draws.Uniform(0) * (_total + 1);
        if (at < _total)
        {
            var found = Array.BinarySearch(_cumulative, at); // of the first above it
            _seen[found < 0 ? ~found : found + 1].Levels.CopyTo(levels);
            return;
        }

        for (var column = 0; column < levels.Length; column++) levels[column] = Draw(_shares[column], draws.Uniform(column + 1));
    }

    private static int Draw(double[] shares, double uniform)
    {
        var level = 0;
        while (level < shares.Length - 1 && (uniform -= shares[level]) >= 0) level++;
        return level;
    }

    /// <summary>The number of a combination.</summary>
    private long Key(ReadOnlySpan<int> levels)
    {
        var key = 0L;
        for (var column = 0; column < levels.Length; column++) key = key * _shares[column].Length + levels[column];
        return key;
    }
}
