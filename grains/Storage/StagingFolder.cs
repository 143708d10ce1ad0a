namespace FlowGrain.Storage;

/// <summary>A folder that appears whole under its name or not at all.</summary>
internal sealed class StagingFolder : IDisposable
{
    private const string Prefix = ".staging-";
    private const string LockName = "lock";
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Abandoned = TimeSpan.FromHours(1); // without a lock; with one, its owner's death frees it
    private readonly FileStream _lock;
    private bool _committed;

    private StagingFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>Where to write meanwhile.</summary>
    internal string Path { get; }

    /// <summary>Makes a fresh folder, and clears away those of dead processes.</summary>
    internal static StagingFolder Create(string root, TimeProvider clock)
    {
        Durable.CreateFolder(root);
        Sweep(root, clock);
        var path = NewPath(root);
        Durable.CreateFolder(path);
        try
        {
            return new(path, new(System.IO.Path.Combine(path, LockName), FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose));
        }
        catch
        {
            Directory.Delete(path);
            throw;
        }
    }

    /// <summary>Removes a folder: its name is gone at once, its files one after another.</summary>
    internal static void Remove(string folder)
    {
        var aside = NewPath(System.IO.Path.GetDirectoryName(folder)!);
        Durable.MoveFolder(folder, aside);
        Directory.Delete(aside, recursive: true); // what a crash leaves of it is swept like every abandoned one
    }

    /// <summary>What all those of a root have reserved and not given their names yet.</summary>
    internal static long Reserved(string root) =>
        Directory.EnumerateDirectories(root, Prefix + "*").Select(folder => new FileInfo(System.IO.Path.Combine(folder, LockName))).Sum(held => held.Exists ? held.Length : 0);

    /// <summary>Reserves room, for others to see: the length of the lock, of which nothing is written, says how much.</summary>
    internal void Reserve(long bytes) => _lock.SetLength(bytes);

    /// <summary>The path of a file in it.</summary>
    internal string In(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Creates a file in it.</summary>
    internal FileStream CreateFile(string file) => new(In(file), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);

    /// <summary>Gives the folder its final name. Somebody else may have been faster with the same; then theirs stays.</summary>
    internal void Commit(string target) => TryCommit(target);

    /// <summary>Gives the folder its final name; false where something else has it, which stays.</summary>
    internal bool TryCommit(string target)
    {
        if (Directory.Exists(target)) return false;
        _lock.Dispose();
        try
        {
            Durable.MoveFolder(Path, target);
            return _committed = true;
        }
        catch (IOException) when (Directory.Exists(target))
        {
            return false; // it came between the look and the move
        }
    }

    /// <summary>Gives the folder its final name in place of what had it, which is moved aside first and deleted after.</summary>
    /// <exception cref="IOException">Somebody else took the name meanwhile, or the disk failed.</exception>
    internal void Replace(string target)
    {
        _lock.Dispose();
        var (replaced, aside) = (Directory.Exists(target), NewPath(System.IO.Path.GetDirectoryName(target)!));
        if (replaced) Durable.MoveFolder(target, aside);
        Durable.MoveFolder(Path, target);
        _committed = true;
        if (replaced) Directory.Delete(aside, recursive: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        if (!_committed) Directory.Delete(Path, recursive: true);
    }

    private static string NewPath(string root) => System.IO.Path.Combine(root, $"{Prefix}{Guid.NewGuid():N}");

    private static void Sweep(string root, TimeProvider clock)
    {
        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*").ToList())
        {
            try
            {
                if (IsDead(folder, clock)) Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Somebody else has swept it.
            }
        }
    }

    private static bool IsDead(string folder, TimeProvider clock)
    {
        var age = clock.GetUtcNow().UtcDateTime - Directory.GetLastWriteTimeUtc(folder);
        if (age < Young) return false; // its owner may not have come to lock it
        try
        {
            using var held = new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.Open, FileAccess.Write, FileShare.None);
            return true;
        }
        catch (FileNotFoundException)
        {
            return age > Abandoned;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // its owner lives, or just ended
        }
    }
}
