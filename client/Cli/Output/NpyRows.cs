using System.Runtime.InteropServices;
using System.Text;

namespace FlowGrain.Cli.Output;

/// <summary>Rows as a NumPy array of float64, format version 1.0.</summary>
internal sealed class NpyRows : IRowSink
{
    private const int Alignment = 64; // the format pads its header to a multiple of this

    private readonly AtomicFile _file;

    private NpyRows(AtomicFile file) => _file = file;

    internal static NpyRows InFile(string path, long rows, int columns)
    {
        var file = AtomicFile.Create(path);
        file.Stream.Write(Header(rows, columns));
        return new(file);
    }

    /// <inheritdoc />
    public async Task Write(ReadOnlyMemory<double> rows, CancellationToken cancellation) =>
        await _file.Stream.WriteAsync(MemoryMarshal.AsBytes(rows.Span).ToArray(), cancellation);

    /// <inheritdoc />
    public Task Complete(CancellationToken cancellation) => _file.Commit(cancellation);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static byte[] Header(long rows, int columns)
    {
        var text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({rows}, {columns}), }}";
        var length = (10 + text.Length + Alignment) / Alignment * Alignment - 10;
        byte[] head = [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)];
        return [.. head, .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n")];
    }
}
