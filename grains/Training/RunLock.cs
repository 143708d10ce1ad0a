namespace FlowGrain.Training;

/// <summary>
/// Keeps two processes on one home from training the same run. The system frees it when its holder dies, however it dies.
/// In a cluster the epoch alone decides.
/// </summary>
internal static class RunLock
{
    private const string LockFile = "lock";
    private const string HolderFile = "holder"; // beside the lock, which nobody else can read while it is held

    /// <summary>Takes the lock of a run's folder.</summary>
    /// <exception cref="RunConflictException">Another process holds it; the sentence names it.</exception>
    internal static IDisposable Take(string folder, string run)
    {
        Directory.CreateDirectory(folder);
        var held = Open(folder, FileMode.OpenOrCreate) ?? throw Conflict(folder, run);
        try
        {
            File.WriteAllText(Path.Combine(folder, HolderFile), $"{Environment.ProcessId}");
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The sentence for a run that another process holds.</summary>
    internal static RunConflictException Conflict(string folder, string run) => new(
        $"Run '{run}' is being trained by {Holder(folder)} on this home; wait for it, stop it there with Ctrl+C, or choose another --name.");

    /// <summary>Whether some process holds it.</summary>
    internal static bool IsHeld(string folder)
    {
        if (!File.Exists(Path.Combine(folder, LockFile))) return false;
        using var free = Open(folder, FileMode.Open);
        return free is null;
    }

    /// <summary>The lock, or null while it is held.</summary>
    private static FileStream? Open(string folder, FileMode mode)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockFile), mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string Holder(string folder)
    {
        var path = Path.Combine(folder, HolderFile);
        var holder = File.Exists(path) ? File.ReadAllText(path) : ""; // it signs a moment after it took the lock
        return holder == "" ? "another process" : $"process {holder}";
    }
}
