using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowGrain.Cli;

/// <summary>Ctrl+C or SIGTERM: once asks politely, twice ends the process.</summary>
/// <param name="end">Ends the process, with a last sentence.</param>
internal sealed partial class Interrupts(Action<string> end) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500); // who presses twice does not wait for a busy disk

    private static readonly TimeSpan Twin = TimeSpan.FromMilliseconds(50); // 'timeout' tells a process, and then its group, of which it is one

    private readonly CancellationTokenSource _requested = new();
    private readonly List<IDisposable> _signals = [];
    private long _last; // when the last signal came; 0 before the first

    /// <summary>Cancelled by the first of them.</summary>
    internal CancellationToken Requested => _requested.Token;

    /// <summary>What the first of them was, for sentences: <c>Ctrl+C</c> or <c>SIGTERM</c>.</summary>
    internal string By { get; private set; } = "Ctrl+C";

    /// <summary>What is to say when the second one ends the process.</summary>
    internal Func<Task<string>> LastWords { get; set; } = () => Task.FromResult("Ended at once.");

    /// <summary>Listens to the signals of this process.</summary>
    internal static Interrupts Listen()
    {
        var interrupts = new Interrupts(EndNow);
        interrupts.Listen(PosixSignal.SIGINT, "Ctrl+C");
        interrupts.Listen(PosixSignal.SIGTERM, "SIGTERM");
        return interrupts;
    }

    /// <summary>One of them; the task ends after the process should have.</summary>
    internal async Task Take(string by)
    {
        if (_requested.IsCancellationRequested)
        {
            end(await Sentence());
            return;
        }

        By = by;
        await _requested.CancelAsync();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _requested.Dispose();
    }

    private void Listen(PosixSignal signal, string name) => _signals.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true; // the runtime would end the process
        var last = Interlocked.Exchange(ref _last, Stopwatch.GetTimestamp());
        if (last == 0 || Stopwatch.GetElapsedTime(last) > Twin) _ = Take(name);
    }));

    private async Task<string> Sentence()
    {
        try
        {
            return await Task.Run(LastWords).WaitAsync(Patience, TimeProvider.System);
        }
        catch (Exception error)
        {
            return $"Ended at once; where the same command goes on could not be found out: {error.Message}";
        }
    }

    // Not Environment.Exit: its handlers wait for the silo, and native threads may still compute.
    private static void EndNow(string sentence)
    {
        Console.Error.WriteLine(sentence);
        ExitNow(ExitCode.Interrupted);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int code);
}
