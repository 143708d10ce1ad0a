using System.Runtime.CompilerServices;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>The file of <c>--trace</c>: the rounds that were traced while a command followed a run, about one a second. It appears whole at the end, also at that of a run that stops or fails.</summary>
/// <param name="path">Where it lies.</param>
/// <param name="clock">Tells when to ask again.</param>
internal sealed class TraceFile(string path, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5); // a round is traced once a second at most

    private readonly WholeFile _file = WholeFile.Create(path);
    private readonly TraceEvents _events = new();
    private TracedRound? _last; // it may not be whole yet
    private bool _isEmpty = true;

    /// <summary>Passes progress on, and takes the rounds that were traced meanwhile.</summary>
    /// <param name="updates">The progress of the run.</param>
    /// <param name="round">The round that was traced last.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async IAsyncEnumerable<RunProgress> Along(IAsyncEnumerable<RunProgress> updates, Func<Task<TracedRound?>> round, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var asked = clock.GetTimestamp();
        await foreach (var update in updates.WithCancellation(cancellation))
        {
            yield return update;
            if (clock.GetElapsedTime(asked) < Pause) continue;
            asked = clock.GetTimestamp();
            Take(await round());
        }

        Take(await round());
    }

    /// <summary>Ends the file, which then has its name.</summary>
    internal void Complete()
    {
        Write(_last);
        _file.Append(_isEmpty ? "{\"traceEvents\":[]}\n"u8.ToArray() : "\n]}\n"u8.ToArray());
        _file.Commit();
    }

    /// <inheritdoc />
    public void Dispose() => _file.Dispose();

    private void Take(TracedRound? round)
    {
        if (round is null) return;
        if (_last is not null && _last.TraceId != round.TraceId) Write(_last);
        _last = round;
    }

    private void Write(TracedRound? round)
    {
        if (round is null) return;
        foreach (var json in _events.Of(round))
        {
            _file.Append(_isEmpty ? "{\"traceEvents\":[\n"u8.ToArray() : ",\n"u8.ToArray());
            _file.Append(json);
            _isEmpty = false;
        }
    }
}
