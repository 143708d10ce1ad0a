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
        try
        {
            var held = new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            File.WriteAllText(Path.Combine(folder, HolderFile), $"{Environment.ProcessId}");
            return held;
        }
        catch (IOException)
        {
            throw Conflict(folder, run);
        }
    }

    /// <summary>The sentence for a run that another process holds.</summary>
    internal static RunConflictException Conflict(string folder, string run) => new(
        $"Run '{run}' is being trained by process {File.ReadAllText(Path.Combine(folder, HolderFile))} on this home; wait for it, stop it there with Ctrl+C, or choose another --name.");

    /// <summary>Whether some process holds it.</summary>
    internal static bool IsHeld(string folder)
    {
        var path = Path.Combine(folder, LockFile);
        if (!File.Exists(path)) return false;
        try
        {
            using var free = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
