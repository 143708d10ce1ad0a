using System.Runtime.InteropServices;
using System.Text;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>A table as a NumPy array of float64 <c>[rows, columns]</c>, format version 1.0.</summary>
internal sealed class NpyTable : ITableWriter
{
    private const int HeaderBytes = 128; // a multiple of 64, as the format wants, with room for any number of rows

    private readonly WholeFile _file;
    private readonly int _columns;
    private long _rows;

    internal NpyTable(WholeFile file, int columns)
    {
        (_file, _columns) = (file, columns);
        _file.Append(Header());
    }

    public void Write(ReadOnlySpan<double> rows)
    {
        _file.Append(MemoryMarshal.AsBytes(rows).ToArray());
        _rows += rows.Length / _columns;
    }

    public void Complete()
    {
        _file.WriteHead(Header());
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private byte[] Header()
    {
        var text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({_rows}, {_columns}), }}".PadRight(HeaderBytes - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, HeaderBytes - 10, 0, .. Encoding.ASCII.GetBytes(text)];
    }
}
