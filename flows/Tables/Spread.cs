using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Tables;

/// <summary>The draws by which the values of one row are spread, one in [0, 1) for each column.</summary>
internal readonly struct Spread(ulong key)
{
    /// <summary>Those that the values of a row decide: equal rows have equal ones.</summary>
    internal static Spread Of(IReadOnlyList<ColumnSpec> columns, ReadOnlySpan<double> row)
    {
        var key = 0UL;
        for (var i = 0; i < row.Length; i++)
        {
            var value = columns[i].Canonical(row[i]);
            key = SplitMix.Key(key, BitConverter.DoubleToUInt64Bits(double.IsNaN(value) ? double.NaN : value + 0.0)); // turns -0 into 0: they are equal
        }

        return new(key);
    }

    /// <summary>Other draws of the same row; number 0 is itself.</summary>
    internal Spread Number(int draw) => draw == 0 ? this : new(SplitMix.Key(key, ulong.MaxValue - (ulong)draw)); // which is no column

    /// <summary>The draw of a column.</summary>
    internal double Of(int column) => SplitMix.Uniform(SplitMix.Key(key, (ulong)column));
}
