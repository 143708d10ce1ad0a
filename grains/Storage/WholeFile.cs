namespace FlowGrain.Storage;

/// <summary>A file that appears under its name whole and on disk, or not at all. Until then it has another name in the same folder.</summary>
/// <remarks>Every method throws a <see cref="DiskFullException"/> when there is no room, and a <see cref="BadInputException"/> for any other fault of the disk.</remarks>
public sealed class WholeFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _committed;

    private WholeFile(string path)
    {
        _path = path;
        _temporary = Path.Combine(FolderOf(path), $".flowgrain-{Guid.NewGuid():N}.tmp"); // without its own name, which may be as long as a name can be
        _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0); // a buffer could not be emptied onto a full disk
    }

    /// <summary>Begins a file. What has its name stays until <see cref="Commit"/>.</summary>
    public static WholeFile Create(string path) => Directory.Exists(path)
        ? throw new BadInputException($"'{path}' is a folder; name a file.")
        : Writing(path, () => new WholeFile(path));

    /// <summary>Writes a file in one go.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> bytes)
    {
        using var file = Create(path);
        file.Append(bytes);
        file.Commit();
    }

    /// <summary>Writes the next bytes; few large pieces are faster than many small ones.</summary>
    public void Append(ReadOnlyMemory<byte> bytes) => Writing(() => _stream.Write(bytes.Span));

    /// <summary>Has somebody write the file who needs a stream for it.</summary>
    internal void Fill(Action<Stream> write) => Writing(() => write(_stream));

    /// <summary>Writes over the first bytes, for what is only known at the end.</summary>
    public void WriteHead(ReadOnlyMemory<byte> bytes) => Writing(() => RandomAccess.Write(_stream.SafeFileHandle, bytes.Span, fileOffset: 0));

    /// <summary>Gives the file its name, in place of what had it.</summary>
    public void Commit() => Writing(() =>
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        Durable.MoveFile(_temporary, _path);
        _committed = true;
    });

    /// <inheritdoc />
    public void Dispose()
    {
        _stream.Dispose();
        if (!_committed) File.Delete(_temporary);
    }

    /// <summary>Writes what belongs to a path, and says which when it cannot be.</summary>
    internal static T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return DiskSpace.Use(FolderOf(path), write);
        }
        catch (Exception error) when (error is (IOException or UnauthorizedAccessException) and not DiskFullException)
        {
            throw new BadInputException($"'{path}' cannot be written: {Reason(path, error)}.");
        }
    }

    private void Writing(Action write) => Writing(_path, () =>
    {
        write();
        return true;
    });

    private static string Reason(string path, Exception error) => error switch
    {
        DirectoryNotFoundException => $"the folder '{FolderOf(path)}' is not there; make it, or name a file elsewhere",
        FileNotFoundException => $"no file can be made in '{FolderOf(path)}'; name one elsewhere",
        UnauthorizedAccessException => "this user may not write there; change the permissions, or name a file elsewhere",
        _ => $"{error.Message.Split(" : '")[0]}; mend that, or name a file elsewhere", // without the passing name behind it
    };

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
