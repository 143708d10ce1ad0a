namespace FlowGrain.Cli.Output;

/// <summary>A file that appears whole or not at all.</summary>
internal sealed class AtomicFile : IAsyncDisposable
{
    private readonly string _path, _temporary;
    private bool _committed;

    private AtomicFile(string path)
    {
        _path = path;
        _temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Environment.ProcessId}.part");
        Stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
    }

    internal FileStream Stream { get; }

    /// <summary>Begins a file; its folder must exist and be writable.</summary>
    /// <exception cref="BadInputException">It is not.</exception>
    internal static AtomicFile Create(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"'{path}' is a folder; name a file to write.");
        try
        {
            return new(Path.GetFullPath(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"Cannot write '{path}': {error.Message}");
        }
    }

    /// <summary>Makes the file durable under its own name.</summary>
    internal async Task Commit(CancellationToken cancellation)
    {
        await Stream.FlushAsync(cancellation);
        Stream.Flush(flushToDisk: true);
        await Stream.DisposeAsync();
        File.Move(_temporary, _path, overwrite: true);
        _committed = true;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Stream.DisposeAsync();
        if (!_committed) File.Delete(_temporary);
    }
}
