using System.Collections.Immutable;
using FlowGrain.Cluster;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>The workers of a run: who works, who was heard of when, who is not trusted any more. Lives in the turns of the run grain.</summary>
internal sealed class Crew(IGrainFactory grains, string run, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3); // three beats
    private static readonly TimeSpan LettingGo = TimeSpan.FromSeconds(5); // who takes longer lets go by itself

    private readonly Dictionary<string, long> _heard = [];
    private readonly HashSet<string> _aside = [];
    private readonly List<Quarantine> _quarantined = [];
    private readonly List<(string Worker, string Sentence)> _reasons = []; // of those set aside
    private readonly HashSet<(Slot Slot, Epoch Epoch)> _beginning = [];
    private ImmutableArray<Slot> _slots = [];
    private HashSet<string> _workers = []; // of the slots
    private WorkerAssignment? _assignment;
    private long _looked = clock.GetTimestamp();

    /// <summary>Why the run has no slots, as a sentence; null where it has.</summary>
    internal string? Waiting { get; set; }

    /// <summary>Which silo the run works without, and why, as a sentence; null where it works on all.</summary>
    internal string? Without => _reasons.LastOrDefault(reason => _workers.Contains(reason.Worker)).Sentence;

    /// <summary>Workers that computed wrong bits, oldest first.</summary>
    internal ImmutableArray<Quarantine> Quarantined => [.. _quarantined];

    /// <summary>Workers that live.</summary>
    internal int Count => _heard.Count;

    /// <summary>Whether the run has a slot whose worker is not set aside; it may be silent, or just beginning.</summary>
    internal bool HasSlots => _workers.Any(worker => !_aside.Contains(worker));

    /// <summary>Silos that they live on.</summary>
    internal int Silos => _heard.Keys.Select(worker => WorkerKey.Parse(worker).Silo).Distinct().Count();

    /// <summary>Gives every worker the assignment; those of an older epoch leave it.</summary>
    internal void Assign(WorkerAssignment assignment)
    {
        (_assignment, _looked) = (assignment, clock.GetTimestamp());
        _heard.Clear();
        Begin(_slots);
    }

    /// <summary>Works on these slots from now on: begins on new ones, lets go of others, and returns the workers that were there.</summary>
    internal ImmutableArray<string> Use(ImmutableArray<Slot> slots)
    {
        var (added, removed) = (slots.Except(_slots).ToImmutableArray(), _slots.Except(slots).ToImmutableArray());
        (_slots, _workers) = (slots, [.. slots.Select(KeyOf)]);
        if (_assignment is null) return [];
        Begin(added);
        _ = End(removed); // their silo may be gone
        return [.. removed.Select(KeyOf)];
    }

    /// <summary>Whether a worker was heard of lately.</summary>
    internal bool Lives(string worker) => _heard.ContainsKey(worker);

    /// <summary>Those that live.</summary>
    internal ImmutableHashSet<string> Living => [.. _heard.Keys];

    /// <summary>Notes that a worker lives. False for one that does not belong to the run, which must end.</summary>
    internal bool Heard(string worker)
    {
        if (_aside.Contains(worker) || !_workers.Contains(worker)) return false;
        _heard[worker] = clock.GetTimestamp();
        return true;
    }

    /// <summary>Takes out the workers that were silent for three seconds, and returns them. Who does not work, since then or before, begins again when it can.</summary>
    internal ImmutableArray<string> TakeSilent()
    {
        var slept = clock.GetElapsedTime(_looked) > Silence; // this process did not run: the others were not silent
        _looked = clock.GetTimestamp();
        if (slept) foreach (var worker in _heard.Keys.ToList()) _heard[worker] = _looked;
        ImmutableArray<string> silent = [.. _heard.Where(worker => clock.GetElapsedTime(worker.Value) > Silence).Select(worker => worker.Key)];
        foreach (var worker in silent) _heard.Remove(worker);
        foreach (var slot in _slots.Where(slot => KeyOf(slot) is var worker && !_heard.ContainsKey(worker) && !_aside.Contains(worker))) _ = Begin(slot);
        return silent;
    }

    /// <summary>Whether a worker lives that is none of these.</summary>
    internal bool HasOthersThan(IEnumerable<string> workers) => _heard.Keys.Except(workers).Any();

    /// <summary>Works without a worker from now on, and says why. False where it does already.</summary>
    internal bool SetAside(string worker, string sentence)
    {
        if (!_aside.Add(worker)) return false;
        _heard.Remove(worker);
        _reasons.Add((worker, $"works without {WorkerKey.Parse(worker).Silo}: {sentence}"));
        return true;
    }

    /// <summary>Works without a worker that computed wrong bits.</summary>
    internal void SetAside(Quarantine quarantine)
    {
        if (SetAside(quarantine.Worker, $"its slot {WorkerKey.Parse(quarantine.Worker).Slot} computed other bits than two others for shard {quarantine.Shard} of round {quarantine.Round}; its memory or processor may be faulty"))
            _quarantined.Add(quarantine);
    }

    /// <summary>Asks a worker's silo to submit what it has summed.</summary>
    internal void Flush(string worker, long round) => _ = Try(() => grains.GetGrain<IWorkerGrain>(worker).Flush(_assignment!.Epoch, round));

    /// <summary>Tells the instruments how many work.</summary>
    internal void Tell()
    {
        var workers = _assignment is null ? [] : _workers;
        var (working, aside) = (workers.Count(Lives), workers.Count(_aside.Contains));
        Telemetry.Workers.Set(working, run, "working");
        Telemetry.Workers.Set(aside, run, "aside");
        Telemetry.Workers.Set(workers.Count - working - aside, run, "silent");
    }

    /// <summary>Lets go of every worker; what does not let go, on a silo that died just now for instance, is logged and no reason to keep the rest or to wait.</summary>
    internal async Task End()
    {
        await Task.WhenAny(End(_slots), Task.Delay(LettingGo, clock));
        _assignment = null;
        Tell();
    }

    /// <summary>Begins without waiting: a worker leases when it is ready, and one that never is falls silent.</summary>
    private void Begin(ImmutableArray<Slot> slots)
    {
        foreach (var slot in slots.Where(slot => Heard(KeyOf(slot)))) _ = Begin(slot); // it has three seconds to begin
    }

    private async Task Begin(Slot slot)
    {
        if (_assignment is not { } assignment || !_beginning.Add((slot, assignment.Epoch))) return; // it is being asked
        await Try(() => Worker(slot).Begin(assignment));
        _beginning.Remove((slot, assignment.Epoch));
    }

    private Task End(ImmutableArray<Slot> slots)
    {
        if (_assignment is not { Epoch: var epoch }) return Task.CompletedTask;
        var lives = slots.Where(slot => _heard.Remove(KeyOf(slot))).ToList();
        foreach (var slot in slots.Except(lives)) _ = Try(() => Worker(slot).End(epoch)); // it may wake later
        return Task.WhenAll(lives.Select(slot => Try(() => Worker(slot).End(epoch))));
    }

    /// <summary>A worker whose silo is gone is no reason to stop: its leases go to others when it is silent.</summary>
    private async Task Try(Func<Task> call)
    {
        try
        {
            await Repeated.Call(call, clock);
        }
        catch (Exception error)
        {
            logger.WorkerNotReached(error, run);
        }
    }

    private IWorkerGrain Worker(Slot slot) => grains.GetGrain<IWorkerGrain>(KeyOf(slot));

    private string KeyOf(Slot slot) => new WorkerKey(run, slot.Silo, slot.Index).ToString();
}
