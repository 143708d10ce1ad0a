using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace FlowGrain.Data;

/// <summary>Turns stored numbers into the units of the source: x = offset + scale·stored.</summary>
internal sealed class ColumnScales
{
    private static readonly int Lanes = Vector256<double>.Count;

    // The columns' figures repeated until they fill whole vectors: rows need not begin where a vector does.
    private readonly Vector256<double>[] _offsets;
    private readonly Vector256<double>[] _scales;

    /// <summary>Takes the figures from the manifest's columns.</summary>
    internal ColumnScales(IReadOnlyList<ManifestColumn> columns) =>
        (_offsets, _scales) = (Repeated([.. columns.Select(column => column.Offset)]), Repeated([.. columns.Select(column => column.Scale)]));

    /// <summary>Restores whole rows whose stored numbers lie in the upper half of the same memory; see <see cref="Stored"/>.</summary>
    internal void Restore(Span<double> rows)
    {
        var stored = Stored(rows);
        var (i, k) = (0, 0);
        for (; i <= rows.Length - Lanes; i += Lanes)
        {
            var (low, high) = Vector128.Widen(Vector128.Create<float>(stored.Slice(i, Lanes)));
            (_offsets[k] + (_scales[k] * Vector256.Create(low, high))).CopyTo(rows[i..]);
            k = k + 1 == _offsets.Length ? 0 : k + 1;
        }

        for (var lane = 0; i < rows.Length; i++, lane++)
            rows[i] = _offsets[k][lane] + (_scales[k][lane] * stored[i]);
    }

    /// <summary>The upper half of the memory of some rows: there the stored numbers wait until <see cref="Restore"/> has
    /// overwritten those before them. A second buffer would cost a trip through the cache.</summary>
    internal static Span<float> Stored(Span<double> rows) => MemoryMarshal.Cast<double, float>(rows)[rows.Length..];

    private static Vector256<double>[] Repeated(double[] figures) =>
        [.. Enumerable.Range(0, figures.Length).Select(vector => Vector256.Create<double>(
            [.. Enumerable.Range(vector * Lanes, Lanes).Select(i => figures[i % figures.Length])]))];
}
