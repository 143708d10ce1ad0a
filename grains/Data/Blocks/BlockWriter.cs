using System.IO.Hashing;
using System.Runtime.InteropServices;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>Writes rows as blocks: their numbers as float32, then their keys, and their weights where they have some.</summary>
/// <param name="folder">Where the blocks go.</param>
/// <param name="columns">The columns.</param>
/// <param name="levels">Of each category what its codes stand for; null for numbers.</param>
/// <param name="rowKeys">Gives the keys.</param>
/// <param name="meanWeight">The mean of the weights, in whose units they are stored, so that their scale decides nothing; null where each row counts once.</param>
internal sealed class BlockWriter(StagingFolder folder, IReadOnlyList<ManifestColumn> columns, IReadOnlyList<StoredLevels?> levels, RowKeys rowKeys, double? meanWeight)
{
    /// <summary>Rows in every block but the last. A position inside a block fits into 16 bits.</summary>
    internal const int RowsPerBlock = 65_536;

    private const int ChunkRows = 1_024;
    private readonly double[] _raw = new double[ChunkRows * rowKeys.Numbers];
    private readonly float[] _stored = new float[ChunkRows * columns.Count];
    private readonly uint[] _keys = new uint[RowsPerBlock];
    private readonly float[] _weights = new float[meanWeight is null ? 0 : RowsPerBlock];

    /// <summary>Writes block number <paramref name="index"/>.</summary>
    internal ManifestBlock Write(RowSpill spill, int index, int rows)
    {
        var name = $"block-{index:00000}.f32";
        var hash = new XxHash3();
        using var file = folder.CreateFile(name);
        for (var done = 0; done < rows; done += ChunkRows)
            WriteChunk(spill, (long)index * RowsPerBlock + done, file, hash, _keys.AsSpan(done, Math.Min(ChunkRows, rows - done)), _weights.AsSpan(meanWeight is null ? 0 : done));

        Write(MemoryMarshal.AsBytes(_keys.AsSpan(0, rows)), file, hash);
        if (meanWeight is not null) Write(MemoryMarshal.AsBytes(_weights.AsSpan(0, rows)), file, hash);
        file.Flush(flushToDisk: true);
        return new(name, rows, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }

    private void WriteChunk(RowSpill spill, long first, FileStream file, XxHash3 hash, Span<uint> keys, Span<float> weights)
    {
        var numbers = rowKeys.Numbers;
        var raw = _raw.AsSpan(0, keys.Length * numbers);
        var stored = _stored.AsSpan(0, keys.Length * columns.Count);
        spill.Read(first * numbers, raw);
        for (var column = 0; column < columns.Count; column++)
            if (levels[column] is { } category) Recode(raw, column, category.Hashes);
        foreach (ref var value in raw) value = double.IsNaN(value) ? double.NaN : value + 0.0; // turns -0 into 0: equal values have equal bytes
        for (var row = 0; row < keys.Length; row++)
            keys[row] = rowKeys.Of(raw.Slice(row * numbers, numbers), first + row);
        for (var row = 0; row < keys.Length && meanWeight is not null; row++)
            weights[row] = (float)(raw[(row + 1) * numbers - 1] / meanWeight.Value);
        for (var column = 0; column < columns.Count; column++)
            Store(raw, stored, column, levels[column]);

        Write(MemoryMarshal.AsBytes(stored), file, hash);
    }

    private void Recode(Span<double> raw, int column, double[] codes)
    {
        for (var i = column; i < raw.Length; i += rowKeys.Numbers) raw[i] = codes[(int)raw[i]];
    }

    private static void Write(ReadOnlySpan<byte> bytes, FileStream file, XxHash3 hash)
    {
        hash.Append(bytes);
        file.Write(bytes);
    }

    private void Store(ReadOnlySpan<double> raw, Span<float> stored, int column, StoredLevels? category)
    {
        if (category is not null)
        {
            for (int from = column, to = column; from < raw.Length; from += rowKeys.Numbers, to += columns.Count) stored[to] = category.Ranks[raw[from]];
            return;
        }

        var (offset, scale) = (columns[column].Offset, columns[column].Scale);
        for (int from = column, to = column; from < raw.Length; from += rowKeys.Numbers, to += columns.Count)
            stored[to] = (float)((raw[from] - offset) / scale);
    }
}
