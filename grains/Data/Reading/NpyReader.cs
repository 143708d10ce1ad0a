namespace FlowGrain.Data;

/// <summary>Reads an npy array of one or two axes, in either storage order.</summary>
internal sealed class NpyReader : TableReader
{
    private readonly INpyRows _rows;
    private readonly NpyHeader _header;

    private NpyReader(string path, SourceFile source, Stream content, NpyHeader header) : base(path, source)
    {
        _header = header;
        Columns = Numbered(header.Width);
        _rows = header.IsFortran && header.Width > 1 ? NpyFortranRows.Of(content, header, FileName) : new NpyRows(content, header, FileName);
    }

    /// <summary>Opens an npy file.</summary>
    internal static NpyReader Open(string path, SourceFile source) =>
        Open(path, source, source.Content, source.Content.CanSeek ? source.Content.Length : null);

    /// <summary>Opens an array inside a file; <paramref name="length"/> is its size in bytes where that is known.</summary>
    internal static NpyReader Open(string path, SourceFile source, Stream content, long? length)
    {
        var header = NpyHeader.Read(content, Path.GetFileName(path));
        if (length is { } present) RequireLength(Path.GetFileName(path), header, present);
        return new(path, source, content, header);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rows.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override CellType TypeOf(int column) => _header.Element switch
    {
        { Kind: 'f', Size: 8 } => CellType.Double,
        { Kind: 'f' } => CellType.Single,
        _ => CellType.Whole,
    };

    private protected override int ReadRows(Span<double> rows, int count)
    {
        var left = (int)Math.Min(count, _header.Rows - RowsRead);
        if (left > 0) return Carried.IsEmpty ? _rows.Read(rows, Selected, RowsRead, left) : ReadCarrying(rows, left);

        _rows.RequireEnd();
        return 0;
    }

    /// <summary>Reads the carried columns beside the selected ones.</summary>
    private int ReadCarrying(Span<double> rows, int count)
    {
        var wide = Selected.Length + Carried.Length;
        var numbers = new double[count * wide];
        var read = _rows.Read(numbers, [.. Selected, .. Carried], RowsRead, count);
        for (var row = 0; row < read; row++)
        {
            var line = numbers.AsSpan(row * wide, wide);
            line[..Selected.Length].CopyTo(rows[(row * Selected.Length)..]);
            for (var i = 0; i < Carried.Length; i++) Carry(line[Selected.Length + i], i, RowsRead + row + 1);
        }

        return read;
    }

    private void Carry(double value, int i, long row)
    {
        const double Exact = 1L << 53; // beyond it two whole numbers are one in float64

        if (TypeOf(Carried[i]) == CellType.Double) Cells[i].Add(value);
        else if (TypeOf(Carried[i]) == CellType.Single) Cells[i].Add((float)value);
        else if (Math.Abs(value) < Exact) Cells[i].Add((long)value);
        else throw new BadInputException($"'{FileName}' {Where(row)}, column '{Columns[Carried[i]]}' holds a whole number beyond 2^53, which cannot be carried through from an npy; save the table as .parquet.");
    }

    private static void RequireLength(string file, NpyHeader header, long present)
    {
        if (present < header.ExpectedBytes) throw NpyRows.Truncated(file, header, present);
        if (present > header.ExpectedBytes) throw NpyRows.TooLong(file);
    }
}
