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

    private protected override int ReadRows(Span<double> rows, int count)
    {
        var left = _header.Rows - RowsRead;
        if (left > 0) return _rows.Read(rows, Selected, RowsRead, (int)Math.Min(count, left));

        _rows.RequireEnd();
        return 0;
    }

    private static void RequireLength(string file, NpyHeader header, long present)
    {
        if (present < header.ExpectedBytes) throw NpyRows.Truncated(file, header, present);
        if (present > header.ExpectedBytes) throw NpyRows.TooLong(file);
    }
}
