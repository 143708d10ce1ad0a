using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>Has one process at a time change something of a registry. The system frees it when its holder dies, however it dies.</summary>
internal static class RegistryLock
{
    /// <summary>In the registry's folder: of those who give versions their numbers.</summary>
    internal const string Numbers = ".numbers.lock";

    /// <summary>In a model's folder: of those who write its history. Readers need none: lines are only ever added.</summary>
    internal const string History = ".history.lock";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes it, however long another has it.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">Which.</param>
    /// <param name="clock">Times the attempts.</param>
    /// <param name="cancellation">Ends them.</param>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal static async Task<IDisposable> Take(string folder, string name, TimeProvider clock, CancellationToken cancellation)
    {
        Durable.CreateFolder(folder);
        while (true)
        {
            if (DiskSpace.Use(folder, () => Open(Path.Combine(folder, name))) is { } held) return held;
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
