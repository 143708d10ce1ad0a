using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>What became of each version that this silo has tried to load: it is sound, or why not, and how long it is left in peace before the next try.</summary>
internal sealed class LoadTrials(TimeProvider clock)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30); // a folder that is mended by hand counts again after so long

    private readonly ConcurrentDictionary<(string Name, int Version), Trial> _trials = [];

    /// <summary>Whether it passed its self-test when that was tried last.</summary>
    internal bool IsSound(string name, int version) => _trials.TryGetValue((name, version), out var trial) && trial.Fault is null;

    /// <summary>Whether it was tried.</summary>
    internal bool IsKnown(string name, int version) => _trials.ContainsKey((name, version));

    /// <summary>Why it could not be loaded when that was tried last, as a sentence; null where it could, or was not tried.</summary>
    internal string? Fault(string name, int version) => _trials.TryGetValue((name, version), out var trial) ? trial.Fault : null;

    /// <summary>Whether it failed so lately that nothing has to be read to know it. Each failure in a row doubles the rest, from a second to half a minute.</summary>
    internal bool Rests(string name, int version) => _trials.TryGetValue((name, version), out var trial) && trial.Fault is not null && clock.GetElapsedTime(trial.Since) < trial.Rest;

    /// <summary>It passed.</summary>
    internal void Passed(string name, int version) => _trials[(name, version)] = new Trial(null, clock.GetTimestamp(), TimeSpan.Zero);

    /// <summary>It failed; true where that is news.</summary>
    internal bool Failed(string name, int version, string fault)
    {
        var before = _trials.GetValueOrDefault((name, version));
        var rest = before?.Fault is null ? FirstRest : TimeSpan.FromTicks(Math.Clamp(2 * before.Rest.Ticks, FirstRest.Ticks, LongestRest.Ticks));
        _trials[(name, version)] = new Trial(fault, clock.GetTimestamp(), rest);
        return before?.Fault != fault;
    }

    /// <summary>The folders of a model have changed: what failed may be tried at once.</summary>
    internal void Retry(string name)
    {
        foreach (var (key, trial) in _trials.Where(trial => trial.Key.Name == name && trial.Value.Fault is not null)) _trials.TryUpdate(key, trial with { Rest = TimeSpan.Zero }, trial);
    }

    /// <summary>Forgets the versions of a model that are none of these.</summary>
    internal void Keep(string name, ImmutableArray<int> versions)
    {
        foreach (var key in _trials.Keys.Where(key => key.Name == name && !versions.Contains(key.Version))) _trials.TryRemove(key, out _);
    }

    private sealed record Trial(string? Fault, long Since, TimeSpan Rest);
}
