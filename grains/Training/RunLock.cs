namespace FlowGrain.Training;

/// <summary>
/// Keeps two processes on one home from training the same run. The system frees it when its holder dies, however it dies.
/// In a cluster the epoch alone decides.
/// </summary>
internal static class RunLock
{
    /// <summary>Takes the lock of a run's folder.</summary>
    /// <exception cref="RunConflictException">Another process holds it; the sentence names it.</exception>
    internal static IDisposable Take(string folder, string run)
    {
        var path = Path.Combine(Directory.CreateDirectory(folder).FullName, "lock");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{Environment.ProcessId}"));
            return file;
        }
        catch (IOException)
        {
            throw new RunConflictException($"Run '{run}' is being trained by process {Holder(path)} on this home; wait for it, stop it, or choose another --name.");
        }
    }

    /// <summary>Whether some process holds it.</summary>
    internal static bool IsHeld(string folder)
    {
        var path = Path.Combine(folder, "lock");
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

    private static string Holder(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}
