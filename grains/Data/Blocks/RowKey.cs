using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace FlowGrain.Data;

/// <summary>What tells rows apart when they are split: a hash of a row's values as they were read.</summary>
/// <remarks>
/// Of the values and not of what is stored of them, which depends on every other row of the table. Two of a billion rows may
/// share a key: they fall on one side then, which harms nobody.
/// </remarks>
internal static class RowKey
{
    /// <summary>The key of the rows of a validation file, whatever their values.</summary>
    internal const uint Validation = uint.MaxValue;

    /// <summary>The key of a row; equal values have equal keys.</summary>
    internal static uint Of(ReadOnlySpan<double> row) => Math.Min((uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(row)), Validation - 1);

    /// <summary>The key of a row that differs from every other, equal ones included.</summary>
    internal static uint Of(ReadOnlySpan<double> row, long index) => Math.Min((uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(row), index), Validation - 1);
}
