namespace FlowGrain.Data;

/// <summary>An open file and its content, decompressed where the name ends with .gz.</summary>
internal sealed class SourceFile : IReadPosition
{
    private readonly FileStream _file;

    private SourceFile(FileStream file, Stream content) => (_file, Content) = (file, content);

    /// <summary>The bytes of the table. Seekable unless compressed.</summary>
    internal Stream Content { get; }

    /// <inheritdoc />
    public long BytesRead => _file.Position;

    /// <inheritdoc />
    public double Fraction => Math.Min(1, (double)_file.Position / _file.Length);

    /// <summary>Opens a file for reading from start to end.</summary>
    internal static SourceFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 17, FileOptions.SequentialScan);
        return new(file, IsGzip(path) ? Decompress(file) : file);
    }

    /// <inheritdoc />
    public Exception? Damage()
    {
        try
        {
            if (Content != _file) Content.CopyTo(Stream.Null);
            return null;
        }
        catch (Exception error) when (SourceFault.Explains(error))
        {
            return error;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Content.Dispose();
        _file.Dispose();
    }

    private static bool IsGzip(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static BufferedStream Decompress(FileStream file) => new(new GzipStream(file), 1 << 17);
}
