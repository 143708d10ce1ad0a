using System.Threading.Channels;
using FlowGrain.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>
/// Keeps what this process logs of a run with the run: every line that has a field <c>Run</c>. Who logs never waits for the disk; what
/// a full or broken one could not take is counted, and said with the first line that it takes again.
/// </summary>
[ProviderAlias("Run")]
internal sealed class RunLog : ILoggerProvider
{
    private const int MostWaiting = 4096;
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2); // for the last lines, when the process ends

    private readonly Channel<(string Run, RunLogLine Line)> _waiting;
    private readonly IServiceProvider _services; // asked later: whatever it makes may log
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, RunLogFile> _files = [];
    private readonly Task _writing;
    private int _lost;

    public RunLog(IServiceProvider services, TimeProvider clock)
    {
        (_services, _clock) = (services, clock);
        _waiting = Channel.CreateBounded<(string, RunLogLine)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }, _ => Lose(1));
        _writing = Task.Run(Write);
    }

    /// <summary>Lines that could not be kept and that was not said of yet.</summary>
    internal int Lost => Volatile.Read(ref _lost);

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new RunLogger(this);

    /// <inheritdoc />
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _writing.Wait(Moment);
    }

    /// <summary>Takes a line.</summary>
    internal void Take(string run, LogLevel level, string name, string message, Exception? error) =>
        _waiting.Writer.TryWrite((run, new RunLogLine(_clock.GetUtcNow(), Here, level, name, message, error is null ? null : ErrorChain.Of(error)) { TraceId = JobTraces.Now(run)?.TraceId.ToHexString() }));

    private string Here => field ??= _services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint.ToString();

    private StorageOptions Storage => field ??= _services.GetRequiredService<IOptions<StorageOptions>>().Value;

    private async Task Write()
    {
        while (await _waiting.Reader.WaitToReadAsync())
            foreach (var run in Waiting().ToLookup(said => said.Run, said => said.Line)) Write(run.Key, [.. run]);
    }

    private IEnumerable<(string Run, RunLogLine Line)> Waiting()
    {
        while (_waiting.Reader.TryRead(out var said)) yield return said;
    }

    private void Write(string run, List<RunLogLine> lines)
    {
        var (lost, said) = (Interlocked.Exchange(ref _lost, 0), lines.Count);
        if (lost > 0) lines.Insert(0, new(lines[0].Time, Here, LogLevel.Warning, "LinesLost", $"{lost} lines of this silo could not be kept; its own log has them"));
        try
        {
            if (!_files.TryGetValue(run, out var file)) _files[run] = file = new RunLogFile(new RunLogFolder(Storage, run), _clock);
            file.Append(lines);
        }
        catch (Exception) // whatever it is, there is nobody to tell but the next line; the silo's own log has these
        {
            Lose(lost + said);
            _files.Remove(run);
        }
    }

    private void Lose(int lines) => Interlocked.Add(ref _lost, lines);
}
