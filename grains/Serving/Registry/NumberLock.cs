using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>Has one process of a registry at a time give versions their numbers. The system frees it when its holder dies, however it dies.</summary>
internal static class NumberLock
{
    private const string FileName = ".numbers.lock";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes it, however long another has it.</summary>
    /// <param name="models">The registry's folder.</param>
    /// <param name="clock">Times the attempts.</param>
    /// <param name="cancellation">Ends them.</param>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal static async Task<IDisposable> Take(string models, TimeProvider clock, CancellationToken cancellation)
    {
        Durable.CreateFolder(models);
        while (true)
        {
            if (DiskSpace.Use(models, () => Open(Path.Combine(models, FileName))) is { } held) return held;
            await Task.Delay(Pause, clock, cancellation);
        }
    }

    /// <summary>The lock, or null while another has it.</summary>
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (LockFault.IsHeld(error))
        {
            return null;
        }
    }
}
