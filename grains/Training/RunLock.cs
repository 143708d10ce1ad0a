using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>
/// Keeps two processes on one home from training the same run. The system frees it when its holder dies, however it dies.
/// In a cluster the epoch alone decides.
/// </summary>
internal static class RunLock
{
    private const string LockFile = "lock";
    private const string HolderFile = "holder"; // beside the lock, which nobody else can read while it is held
    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the lock of a run's folder; a process that only looks whether it is held has it for an instant, so it tries for a moment.</summary>
    /// <exception cref="RunConflictException">Another process holds it; the sentence names it.</exception>
    /// <exception cref="BadInputException">The folder cannot be used.</exception>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal static async Task<IDisposable> Take(string folder, string run, TimeProvider clock)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (LockFault.Explain(folder, () => Held(folder)) is { } held) return held;
            await Task.Delay(Pause, clock);
        }

        throw Conflict(folder, run);
    }

    /// <summary>The sentence for a run that another process holds.</summary>
    internal static RunConflictException Conflict(string folder, string run) => new(
        $"Run '{run}' is being trained by {Holder(folder)} on this home; wait for it, stop it there with Ctrl+C, or choose another --name.");

    /// <summary>Whether some process holds it. A question: it needs no right to write.</summary>
    /// <exception cref="BadInputException">The lock cannot be read.</exception>
    internal static bool IsHeld(string folder)
    {
        if (!File.Exists(Path.Combine(folder, LockFile))) return false;
        using var free = LockFault.Explain(folder, () => Open(folder, FileMode.Open, FileAccess.Read));
        return free is null;
    }

    private static FileStream? Held(string folder)
    {
        Durable.CreateFolder(folder); // the journal will name what lies in it
        return Open(folder, FileMode.OpenOrCreate, FileAccess.ReadWrite) is { } held ? Signed(held, folder) : null;
    }

    private static FileStream Signed(FileStream held, string folder)
    {
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

    /// <summary>The lock, or null while it is held.</summary>
    private static FileStream? Open(string folder, FileMode mode, FileAccess access)
    {
        try
        {
            return new FileStream(Path.Combine(folder, LockFile), mode, access, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (LockFault.IsHeld(error))
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
