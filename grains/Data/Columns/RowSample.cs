using System.Runtime.InteropServices;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>A uniform sample of rows that come one after another, of a number that nobody knows beforehand: every one is equally likely to be in it.</summary>
/// <remarks>Source: Vitter 1985, "Random Sampling with a Reservoir", algorithm R, https://doi.org/10.1145/3147.3165.</remarks>
/// <param name="most">Rows to keep.</param>
/// <param name="width">Numbers in a row.</param>
/// <param name="random">Decides which; row <c>i</c> takes draw <c>i</c>.</param>
internal sealed class RowSample(int most, int width, CounterRandom random)
{
    private readonly List<double> _values = [];
    private long _seen;

    /// <summary>The rows kept so far, row-major; all of them while they are no more than wanted.</summary>
    internal double[] Rows => [.. _values];

    /// <summary>Adds rows.</summary>
    internal void Add(ReadOnlySpan<double> rows)
    {
        for (var i = 0; i < rows.Length; i += width) AddRow(rows.Slice(i, width));
    }

    private void AddRow(ReadOnlySpan<double> row)
    {
        if (_seen < most) _values.AddRange(row);
        else if (random.Below(_seen + 1, _seen) is var place && place < most) row.CopyTo(CollectionsMarshal.AsSpan(_values)[((int)place * width)..]);
        _seen++;
    }
}
