namespace FlowGrain.Storage;

/// <summary>
/// The silos that work on a folder. Each has a file in it with a lock, which the system frees when its process ends. The runs of
/// silos that share a Redis stand there, those of all others in the folder: the two kinds would train the same runs twice.
/// </summary>
/// <param name="root">The folder.</param>
public sealed class FolderSilos(string root)
{
    private const string Shared = "redis", Alone = "local";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const int Attempts = 50; // who looks for a silo holds its file for a moment

    private readonly string _folder = Path.Combine(root, "silos");

    /// <summary>Notes that a silo works on the folder, until the answer is disposed.</summary>
    /// <param name="inRedis">Whether its runs stand in Redis.</param>
    /// <param name="address">Where other silos reach it.</param>
    /// <param name="clock">Times the attempts.</param>
    /// <param name="cancellation">Ends them.</param>
    /// <exception cref="IOException">A silo of this address works on it already, on another machine.</exception>
    public async Task<IDisposable> Join(bool inRedis, string address, TimeProvider clock, CancellationToken cancellation)
    {
        Durable.CreateFolder(_folder);
        var path = Path.Combine(_folder, $"{(inRedis ? Shared : Alone)}-{address}");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (attempt == Attempts) throw new IOException($"A silo at {address} works on '{root}' already; give this one the Silo:Address of its machine, or another Silo:Port.");
            }

            await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <summary>The address of a living silo of a kind; null where there is none.</summary>
    /// <param name="inRedis">Whether its runs stand in Redis.</param>
    public string? Living(bool inRedis)
    {
        var kind = $"{(inRedis ? Shared : Alone)}-";
        return Directory.Exists(_folder) ? Directory.EnumerateFiles(_folder, $"{kind}*").Where(IsHeld).Select(path => Path.GetFileName(path)[kind.Length..]).FirstOrDefault() : null;
    }

    private static bool IsHeld(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose(); // shared: others look too
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
