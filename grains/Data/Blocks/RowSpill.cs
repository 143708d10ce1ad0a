using System.Runtime.InteropServices;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>The kept rows as float64 on disk, between the pass that learns the scales and the one that needs them.</summary>
/// <remarks>Parsing a csv twice costs ten times what writing and reading this file does.</remarks>
internal sealed class RowSpill(StagingFolder folder) : IDisposable
{
    private readonly FileStream _file = new(folder.In("rows.f64"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    /// <summary>Appends rows.</summary>
    internal void Write(ReadOnlySpan<double> rows) => _file.Write(MemoryMarshal.AsBytes(rows));

    /// <summary>Everything is written, and can be read.</summary>
    internal void Complete() => _file.Flush();

    /// <summary>Reads exactly so many numbers from one on; from any thread.</summary>
    internal void Read(long first, Span<double> numbers)
    {
        var bytes = MemoryMarshal.AsBytes(numbers);
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, bytes[done..], first * sizeof(double) + done);
            done += read > 0 ? read : throw new EndOfStreamException();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
