namespace FlowGrain.Storage;

/// <summary>Tells a full disk from every other fault of writing. All that writes large files writes inside of it.</summary>
internal static class DiskSpace
{
    private const int NoSpace = 28;        // ENOSPC
    private const int QuotaExceeded = 122; // EDQUOT
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Writes below a folder.</summary>
    /// <exception cref="DiskFullException">Its disk is full.</exception>
    internal static T Use<T>(string folder, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (IsFull(error))
        {
            throw new DiskFullException(folder);
        }
    }

    /// <inheritdoc cref="Use{T}"/>
    internal static void Use(string folder, Action write) => Use(folder, () =>
    {
        write();
        return true;
    });

    /// <summary>Whether a failure says that the disk is full.</summary>
    internal static bool IsFull(Exception error) => error is IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull };
}
