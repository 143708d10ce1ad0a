using System.Runtime.InteropServices;

namespace FlowGrain.Cli.Up;

/// <summary>Signals to processes that this one started.</summary>
internal static partial class Signals
{
    private const int Terminated = 15, Killed = 9;

    /// <summary>Asks it to stop.</summary>
    internal static void Terminate(int process) => _ = Send(process, Terminated); // one that is gone needs none

    /// <summary>Ends it at once.</summary>
    internal static void Kill(int process) => _ = Send(process, Killed);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
