using System.Runtime.InteropServices;

namespace FlowGrain.Cli;

/// <summary>Ctrl+C once asks politely, twice ends the process. A termination signal counts as Ctrl+C.</summary>
internal sealed partial class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _requested = new();
    private readonly Action _now;
    private readonly List<IDisposable> _signals = [];

    internal Interrupts(Action now) => _now = now;

    /// <summary>Cancelled by the first Ctrl+C.</summary>
    internal CancellationToken Requested => _requested.Token;

    /// <summary>Listens to the signals of this process.</summary>
    internal static Interrupts Listen()
    {
        var interrupts = new Interrupts(() => ExitNow(ExitCode.Interrupted));
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM])
            interrupts._signals.Add(PosixSignalRegistration.Create(signal, interrupts.Take));
        return interrupts;
    }

    /// <summary>One Ctrl+C.</summary>
    internal void Press()
    {
        if (_requested.IsCancellationRequested) _now();
        else _requested.Cancel();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _requested.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true; // the runtime would end the process
        Press();
    }

    // Not Environment.Exit: its handlers wait for the silo, and native threads may still compute.
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
