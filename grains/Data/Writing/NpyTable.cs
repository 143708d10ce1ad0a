using System.Runtime.InteropServices;
using System.Text;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>A table as a NumPy array of float64 <c>[rows, columns]</c>, format version 1.0.</summary>
internal sealed class NpyTable : ITableWriter
{
    private const int HeaderBytes = 128; // a multiple of 64, as the format wants, with room for any number of rows
    private const double Exact = 1L << 53; // beyond it two whole numbers are one in float64

    private readonly WholeFile _file;
    private readonly IReadOnlyList<WrittenColumn> _columns;
    private readonly int _numbers;
    private long _rows;

    internal NpyTable(WholeFile file, IReadOnlyList<WrittenColumn> columns)
    {
        (_file, _columns, _numbers) = (file, columns, columns.Count(column => column.Carried is null));
        _file.Append(Header());
    }

    public void Write(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells = default)
    {
        var count = rows.Length / _numbers;
        _file.Append(MemoryMarshal.AsBytes(cells.IsEmpty ? rows : Joined(rows, cells, count)).ToArray());
        _rows += count;
    }

    public void Complete()
    {
        _file.WriteHead(Header());
        _file.Commit();
    }

    public void Dispose() => _file.Dispose();

    private double[] Joined(ReadOnlySpan<double> rows, ReadOnlySpan<TextCells> cells, int count)
    {
        var joined = new double[count * _columns.Count];
        for (var row = 0; row < count; row++)
        {
            var line = joined.AsSpan(row * _columns.Count, _columns.Count);
            rows.Slice(row * _numbers, _numbers).CopyTo(line);
            for (var i = 0; i < cells.Length; i++) line[_numbers + i] = Number(cells[i], row, _columns[_numbers + i].Name);
        }

        return joined;
    }

    private double Number(TextCells cells, int row, string column)
    {
        if (cells.IsMissing(row)) return double.NaN;
        var text = Encoding.UTF8.GetString(cells[row]);
        var isExact = Cell.TryParse(text, out var number) && !Cell.IsCode(text) && (Math.Abs(number) < Exact || !double.IsInteger(number) || text.AsSpan().ContainsAnyExcept("+-0123456789"));
        return isExact ? number : throw new BadInputException(
            $"Column '{column}' cannot be carried into an npy, which holds numbers of float64 alone: row {_rows + row} of the scores has '{text}'; write .csv or .parquet, or leave the column out.");
    }

    private byte[] Header()
    {
        var text = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({_rows}, {_columns.Count}), }}".PadRight(HeaderBytes - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, HeaderBytes - 10, 0, .. Encoding.ASCII.GetBytes(text)];
    }
}
