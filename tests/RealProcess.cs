using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace FlowGrain.Tests;

/// <summary>A program of ours as a process, with what it says.</summary>
internal sealed partial class RealProcess : IDisposable
{
    private const int Terminate = 15; // SIGTERM
    private const int Halt = 19; // SIGSTOP
    private const int Continue = 18; // SIGCONT
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly TaskCompletionSource<string> _firstLine = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task<string> _output;

    private event Action<string>? Logged;

    private RealProcess(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginErrorReadLine();
        _output = Output();
    }

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    internal int ExitCode => _process.ExitCode;

    /// <summary>Its resident memory, bytes.</summary>
    internal long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>What it has said on stdout.</summary>
    internal IReadOnlyCollection<string> Lines => _lines;

    internal string Errors => string.Join("\n", _errors);

    /// <summary>The last lines that it said, those of stdout first.</summary>
    internal string Last(int lines) => string.Join("\n", _lines.TakeLast(lines).Concat(_errors.TakeLast(lines)));

    internal static RealProcess Start(string program, IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. arguments]) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new RealProcess(Process.Start(start)!);
    }

    /// <summary>Starts a program that sees a folder empty, as on a machine where it is not mounted. Skips the test where the system does not let it.</summary>
    internal static RealProcess StartBlind(string folder, string program, IEnumerable<string> arguments)
    {
        using var trial = Process.Start(new ProcessStartInfo("unshare", ["--mount", "true"]) { RedirectStandardError = true })!;
        trial.WaitForExit();
        Assert.SkipUnless(trial.ExitCode == 0, "To hide a folder from a silo the tests must run as root, who may unshare mounts.");
        string[] words = ["--mount", "sh", "-c", "mount -t tmpfs tmpfs \"$0\" && exec dotnet \"$@\"", folder, program, .. arguments];
        return new RealProcess(Process.Start(new ProcessStartInfo("unshare", words) { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>The program of a project, as this test run was built.</summary>
    internal static string Program(string project, string file)
    {
        var configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Repository.Root, "artifacts", "bin", project, configuration, file);
    }

    internal async Task<(int Code, string Output, string Errors)> End()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return (_process.ExitCode, await _output, Errors);
    }

    /// <summary>The first line of stdout, as soon as it is there.</summary>
    internal async Task<string> FirstLine()
    {
        await Task.WhenAny(_firstLine.Task, _output);
        return _firstLine.Task.IsCompleted ? await _firstLine.Task : throw new InvalidOperationException($"It ended without a line: {Errors}");
    }

    /// <summary>Done when it has said these words on stderr.</summary>
    internal async Task Says(string words, CancellationToken cancellation)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Listen(object sender, DataReceivedEventArgs line)
        {
            if (line.Data?.Contains(words, StringComparison.Ordinal) == true) said.TrySetResult();
        }

        _process.ErrorDataReceived += Listen; // before the look back, so that nothing is missed between the two
        if (!Errors.Contains(words, StringComparison.Ordinal)) await said.Task.WaitAsync(cancellation);
        _process.ErrorDataReceived -= Listen;
    }

    /// <summary>Done when it has logged these words, on stdout.</summary>
    internal async Task Logs(string words, CancellationToken cancellation)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Listen(string line)
        {
            if (line.Contains(words, StringComparison.Ordinal)) said.TrySetResult();
        }

        Logged += Listen; // before the look back, so that nothing is missed between the two
        if (!_lines.Any(line => line.Contains(words, StringComparison.Ordinal))) await said.Task.WaitAsync(cancellation);
        Logged -= Listen;
    }

    /// <summary>Asks it to stop.</summary>
    internal void Stop() => Assert.Equal(0, Signal(Id, Terminate));

    /// <summary>Halts it, as Ctrl+Z does, for a time of the real clock: its own goes on meanwhile.</summary>
    internal async Task Sleep(TimeSpan time)
    {
        if (Signal(Id, Halt) != 0) Assert.True(HasExited); // just now, by itself
        await Task.Delay(time, TimeProvider.System, TestContext.Current.CancellationToken);
        if (!HasExited) Assert.Equal(0, Signal(Id, Continue)); // it may have been killed in its sleep
    }

    /// <summary>Done when it has ended.</summary>
    internal Task Exited => _process.WaitForExitAsync();

    /// <summary>kill -9, without a wait for its end.</summary>
    internal void Strike()
    {
        if (!_process.HasExited) _process.Kill();
    }

    /// <summary>kill -9.</summary>
    internal Task<(int Code, string Output, string Errors)> Kill()
    {
        _process.Kill();
        return End();
    }

    public void Dispose()
    {
        Strike();
        _process.Dispose();
    }

    private async Task<string> Output()
    {
        if (await _process.StandardOutput.ReadLineAsync() is not { } first) return "";
        _firstLine.SetResult(first);
        for (var line = first; line is not null; line = await _process.StandardOutput.ReadLineAsync())
        {
            _lines.Enqueue(line);
            Logged?.Invoke(line);
        }

        return string.Concat(_lines.Select(line => $"{line}\n"));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
