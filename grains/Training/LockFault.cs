using FlowGrain.Storage;

namespace FlowGrain.Training;

/// <summary>Tells a lock that another process holds from one that cannot be used.</summary>
internal static class LockFault
{
    private const int WouldBlock = 11; // EWOULDBLOCK on Linux
    private const int WouldBlockApple = 35;
    private const int SharingViolation = unchecked((int)0x80070020); // Windows
    private const int LockViolation = unchecked((int)0x80070021);

    /// <summary>Whether a failure to open says that another process has the file.</summary>
    internal static bool IsHeld(IOException error) => error.HResult switch
    {
        SharingViolation or LockViolation => true,
        WouldBlock => OperatingSystem.IsLinux(),
        WouldBlockApple => OperatingSystem.IsMacOS(),
        _ => false,
    };

    /// <summary>Uses the lock of a folder; every other fault is a sentence.</summary>
    /// <exception cref="BadInputException">The folder cannot be used.</exception>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal static T Explain<T>(string folder, Func<T> use)
    {
        try
        {
            return DiskSpace.Use(folder, use);
        }
        catch (UnauthorizedAccessException)
        {
            throw new BadInputException($"The lock of a run in '{folder}' may not be used by this user; change the permissions there, or choose another folder with --home.");
        }
        catch (IOException error) when (error is not DiskFullException)
        {
            throw new BadInputException($"The lock of a run in '{folder}' cannot be used ({error.Message.TrimEnd('.')}); mend that, or choose another folder with --home.");
        }
    }
}
