using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Rows of an array that is stored column by column.</summary>
internal sealed class NpyFortranRows : INpyRows
{
    private readonly Stream _content;
    private readonly NpyHeader _header;
    private readonly string _file;
    private byte[] _bytes = [];
    private double[] _numbers = [];

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
        if (_numbers.Length < count) (_bytes, _numbers) = (new byte[count * _header.Element.Size], new double[count]);
        for (var target = 0; target < columns.Length; target++)
        {
            ReadColumn(columns[target], first, count);
            for (var row = 0; row < count; row++)
                rows[(row * columns.Length) + target] = _numbers[row];
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

    private void ReadColumn(int column, long first, int count)
    {
        _content.Position = _header.Length + (((column * _header.Rows) + first) * _header.Element.Size);
        var bytes = _bytes.AsSpan(0, count * _header.Element.Size);
        _content.ReadExactly(bytes);
        _header.Element.Decode(bytes, _numbers);
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
