using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Silo.Api.Live;

/// <summary>Where runs are. Each is asked on its own, and waited for half a second: one that is silent is told as it was, and holds up nobody.</summary>
/// <param name="ask">Asks a run.</param>
/// <param name="clock">Times patience.</param>
internal sealed class RunAnswers(Func<string, Task<RunProgress>> ask, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    private readonly Dictionary<string, Task<RunProgress>> _asked = []; // a run that has not answered yet is not asked again
    private readonly Dictionary<string, RunProgress> _known = [];
    private readonly HashSet<string> _silent = [];

    /// <summary>Every run with where it is; for one caller at a time.</summary>
    internal async Task<ImmutableArray<LiveRun>> Now(ImmutableArray<RunListing> runs, CancellationToken cancellation)
    {
        var under = runs.Where(run => !run.Phase.IsAtRest()).Select(run => run.Run).ToHashSet();
        foreach (var run in under.Where(run => !_asked.ContainsKey(run))) _asked[run] = ask(run);
        Task all = Task.WhenAll(under.Select(run => _asked[run]));
        await all.WaitAsync(Patience, clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // who has not answered by then, or with a fault, is silent
        cancellation.ThrowIfCancellationRequested();
        Take(under);
        return [.. runs.Select(run => under.Contains(run.Run) && _known.GetValueOrDefault(run.Run) is { } known && known.Version == run.Version ? new LiveRun(run, known, _silent.Contains(run.Run)) : new LiveRun(run, null))];
    }

    private void Take(HashSet<string> under)
    {
        foreach (var gone in _asked.Keys.Union(_known.Keys).Except(under).ToList())
        {
            _asked.Remove(gone);
            _known.Remove(gone);
            _silent.Remove(gone);
        }

        foreach (var (run, answer) in _asked.ToList())
        {
            if (answer.IsCompleted) _asked.Remove(run);
            if (answer.IsCompletedSuccessfully) (_known[run], _) = (answer.Result, _silent.Remove(run));
            else _silent.Add(run);
        }
    }
}
