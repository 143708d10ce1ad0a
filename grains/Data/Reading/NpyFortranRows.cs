using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Rows of an array that is stored column by column.</summary>
internal sealed class NpyFortranRows : INpyRows
{
    private const int StripeNumbers = 1 << 22; // 32 MiB: of a thousand columns, reads of four thousand numbers each

    private readonly Stream _content;
    private readonly NpyHeader _header;
    private readonly string _file;
    private byte[] _bytes = []; // of one column
    private double[] _stripe = []; // some rows, column by column
    private long _from;
    private int _rows;

    private NpyFortranRows(Stream content, NpyHeader header, string file) => (_content, _header, _file) = (content, header, file);

    /// <summary>Prepares the rows; content that cannot seek is held in memory, for every column is needed at once.</summary>
    internal static NpyFortranRows Of(Stream content, NpyHeader header, string file)
    {
        if (content.CanSeek) return new(content, header, file);
        if (header.ExpectedBytes > Array.MaxLength)
            throw new BadInputException($"'{file}' is compressed, stored column by column and too large to hold in memory; save it in row order, with numpy.ascontiguousarray.");

        return new(InMemory(content, header, file), header, file);
    }

    /// <inheritdoc/>
    public int Read(Span<double> rows, ImmutableArray<int> columns, long first, int count)
    {
        if (first >= _from + _rows) ReadStripe(columns, first);
        var at = (int)(first - _from);
        count = Math.Min(count, _rows - at);
        for (var row = 0; row < count; row++)
        {
            for (var target = 0; target < columns.Length; target++)
                rows[(row * columns.Length) + target] = _stripe[(target * _rows) + at + row];
        }

        return count;
    }

    /// <inheritdoc/>
    public void RequireEnd()
    {
        if (_content.Length > _header.ExpectedBytes) throw NpyRows.TooLong(_file);
    }

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();

    private void ReadStripe(ImmutableArray<int> columns, long first)
    {
        (_from, _rows) = (first, (int)Math.Min(Math.Max(1, StripeNumbers / columns.Length), _header.Rows - first));
        if (_stripe.Length < _rows * columns.Length) (_bytes, _stripe) = (new byte[_rows * _header.Element.Size], new double[_rows * columns.Length]);
        for (var target = 0; target < columns.Length; target++)
        {
            var bytes = _bytes.AsSpan(0, _rows * _header.Element.Size);
            ReadAt(_header.Length + (((columns[target] * _header.Rows) + first) * _header.Element.Size), bytes);
            _header.Element.Decode(bytes, _stripe.AsSpan(target * _rows, _rows));
        }

        _content.Position = _header.Length + ((first + _rows) * _header.RowBytes); // how far it is, for whoever shows that
    }

    /// <summary>Reads a file without its stream's buffer, which is larger than a piece of a column.</summary>
    private void ReadAt(long position, Span<byte> bytes)
    {
        if (_content is FileStream file)
        {
            for (var done = 0; done < bytes.Length;)
                done += RandomAccess.Read(file.SafeFileHandle, bytes[done..], position + done) is > 0 and var read ? read : throw new EndOfStreamException();
            return;
        }

        _content.Position = position;
        _content.ReadExactly(bytes);
    }

    private static MemoryStream InMemory(Stream content, NpyHeader header, string file)
    {
        var memory = new MemoryStream();
        memory.Write(new byte[header.Length]); // so that positions are those of the array
        content.CopyTo(memory);
        content.Dispose();
        if (memory.Length < header.ExpectedBytes) throw NpyRows.Truncated(file, header, memory.Length);
        return memory;
    }
}
