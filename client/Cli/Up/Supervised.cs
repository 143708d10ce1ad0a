using System.Diagnostics;

namespace FlowGrain.Cli.Up;

/// <summary>A process that is started again whenever it ends, until it is asked to stop.</summary>
/// <param name="name">What its log and its note are called.</param>
/// <param name="command">Program and arguments.</param>
/// <param name="folder">Where they lie.</param>
/// <param name="cli">Is told what happens.</param>
internal sealed class Supervised(string name, string[] command, UpFolder folder, Invocation cli) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1); // or a process that cannot start would start without end
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // a running round may last

    private readonly CancellationTokenSource _stop = new();
    private Process? _process;
    private Task _running = Task.CompletedTask;
    private volatile bool _isReady;

    /// <summary>Starts it; returns when it is ready.</summary>
    /// <exception cref="FailedException">It ended before it was.</exception>
    internal async Task Start(Func<CancellationToken, Task> ready, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await File.WriteAllTextAsync(Log, "", cancellation);
        _running = Run();
        var waiting = ready(over.Token);
        await Task.WhenAny(waiting, _running);
        _isReady = waiting.IsCompletedSuccessfully;
        await over.CancelAsync();
        await (_isReady ? waiting : _running.IsCompleted ? _running : waiting);
    }

    /// <summary>Ends when supervising does, which is a fault unless it was stopped.</summary>
    internal Task Running => _running;

    /// <summary>Ends it at once, for good.</summary>
    internal void Kill()
    {
        _stop.Cancel();
        if (_process is { HasExited: false } process) process.Kill();
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAny(_running); // its fault is known to who waited for it
        _stop.Dispose();
    }

    private string Log => folder.In($"{name}.log");

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            var code = await RunOnce();
            if (_stop.IsCancellationRequested) return;
            if (!_isReady) throw new FailedException($"{name} could not start, exit code {code}: {LastLine()}; all it said is in {Log}.");
            cli.Say($"{name} ended with exit code {code}{(code == 134 ? ", declared dead by the others" : "")}; it is started again.");
            await Task.WhenAny(Task.Delay(Pause, cli.Host.Clock, _stop.Token));
        }
    }

    private async Task<int> RunOnce()
    {
        await using var log = TextWriter.Synchronized(new StreamWriter(Log, append: true) { AutoFlush = true });
        using var process = _process = Launch(log);
        folder.Note(name, process.Id);
        try
        {
            await process.WaitForExitAsync(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            await Stop(process);
        }

        folder.Forget(name);
        return process.ExitCode;
    }

    private static async Task Stop(Process process)
    {
        Signals.Terminate(process.Id);
        using var late = new CancellationTokenSource(Patience, TimeProvider.System);
        await using var kill = late.Token.Register(process.Kill);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    // In a session of its own: Ctrl+C in a terminal would reach it too, and end Redis before the silos.
    private Process Launch(TextWriter log)
    {
        string[] words = Programs.Find("setsid") is { } setsid ? [setsid, .. command] : command;
        var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.OutputDataReceived += (_, line) => Write(log, line.Data);
        process.ErrorDataReceived += (_, line) => Write(log, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static void Write(TextWriter log, string? line)
    {
        if (line is not null) log.WriteLine(line);
    }

    private string LastLine() => File.ReadLines(Log).LastOrDefault(line => line.Trim() != "") ?? "it said nothing";
}
