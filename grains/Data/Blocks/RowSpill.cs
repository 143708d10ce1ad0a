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

    /// <summary>Goes back to the first row.</summary>
    internal void Rewind() => _file.Position = 0;

    /// <summary>Reads exactly the next rows.</summary>
    internal void Read(Span<double> rows) => _file.ReadExactly(MemoryMarshal.AsBytes(rows));

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
