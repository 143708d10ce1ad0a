namespace FlowGrain.Data;

/// <summary>An open file and its content, decompressed where the name ends with .gz.</summary>
internal sealed class SourceFile : IDisposable
{
    private readonly FileStream _file;

    private SourceFile(FileStream file, Stream content) => (_file, Content) = (file, content);

    /// <summary>The bytes of the table. Seekable unless compressed.</summary>
    internal Stream Content { get; }

    /// <summary>How much of the file has been read, packed as it lies on disk.</summary>
    internal long BytesRead => _file.Position;

    /// <summary>The same as a share, in [0, 1].</summary>
    internal double Fraction => Math.Min(1, (double)_file.Position / _file.Length);

    /// <summary>Opens a file for reading from start to end.</summary>
    internal static SourceFile Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 17, FileOptions.SequentialScan);
        return new(file, IsGzip(path) ? Decompress(file) : file);
    }

    /// <summary>Reads what is left of a gzip file, whose checksum comes last; returns what is wrong with it, or null.</summary>
    internal Exception? Damage()
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
