using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Training.Chronicles;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>A run that this activation trains: its claim, its loop, its workers and aggregators.</summary>
internal sealed class ActiveRun
{
    private readonly IGrainFactory _grains;
    private readonly RunServices _services;
    private readonly RunEntry _entry;
    private readonly IDisposable _held;
    private readonly GroupCommit _commits;
    private readonly ResumePoint _from;
    private readonly Chronicle _chronicle;
    private readonly long _began;
    private readonly ILogger _logger;
    private readonly HashSet<string> _lost = []; // workers whose shards are not given to others yet
    private readonly List<(string Worker, long Since)> _gone = []; // whose slots went; the next look knows whether their silos were lost
    private readonly string? _advice;
    private readonly string _objective;

    private ActiveRun(IGrainFactory grains, RunServices services, RunEntry entry, RunParts parts, ResumePoint from, Crew crew, Chronicle chronicle, IDisposable held, long began, ILogger logger)
    {
        (_grains, _services, _entry, Parts, _from, Crew, _chronicle, _held, _began, _logger) = (grains, services, entry, parts, from, crew, chronicle, held, began, logger);
        chronicle.RewindTo(StepsOf(from.State.Round));
        var rounds = new RoundLog(services.Snapshots.FolderOf(parts.Run, parts.Version), parts.Epoch, from.Rounds);
        _commits = new GroupCommit(parts, rounds, chronicle, services.Snapshots, services.Checkpoints, services.Journal, services.Clock);
        _objective = RunObjective.Of(parts.Prepared.Flow);
        _advice = Identifiers.Advice(parts.Prepared.Data.Dataset.Manifest, parts.Plan.Data);
        foreach (var quarantine in from.State.Quarantined) crew.SetAside(quarantine); // by an activation before this one
        Loop = new RunLoop(parts, from.State.In(parts.DeviceClass) with { Quarantined = crew.Quarantined }, _commits, crew, chronicle, services.Clock, logger);
    }

    /// <summary>What it works on.</summary>
    internal RunParts Parts { get; }

    /// <summary>Its rounds.</summary>
    internal RunLoop Loop { get; }

    /// <summary>Its workers.</summary>
    internal Crew Crew { get; }

    private ImmutableArray<ParameterRange> Ranges => Cut.Ranges(Parts.Prepared.Flow.Layout().Count, Parts.Plan.Ranges);

    /// <summary>Claims the run's next epoch and finds where to go on.</summary>
    /// <exception cref="BadInputException">It was begun in another device class, which only a cluster can wait for, or its checkpoints cannot be used.</exception>
    internal static async Task<ActiveRun> Open(
        IGrainFactory grains, RunServices services, RunEntry entry, TrainingPlan plan, PreparedRun prepared, bool acceptClass, IDisposable held, long began, ILogger logger)
    {
        var accepted = acceptClass ? FlowEngines.DeviceClassOf(prepared.Flow) : null;
        var chronicle = await Chronicle.Open(services.Chronicles, entry.Run, entry.Version, services.Clock);
        var isFirst = chronicle.IsEmpty;
        var opened = await Open(grains, services, entry, plan, prepared, accepted, holding: null, new Crew(grains, entry.Run, services.Clock, logger), chronicle, held, began, logger);
        if (isFirst) opened.Mark(MarkKind.Started, "It began.");
        else if (services.GoesOn && entry.IsUnderWay) opened.WentOn(began);
        else opened.Mark(MarkKind.Started, $"It was resumed at step {opened.Steps}.");
        return opened;
    }

    /// <summary>Begins again at the last commit, under the next epoch: a range was lost.</summary>
    internal async Task<ActiveRun> Reopened()
    {
        Loop.Board.Close();
        await _commits.Settled();
        var entry = await _services.Journal.Newest(Parts.Run) is { } newest && newest.Version == Parts.Version ? newest : _entry;
        return await Open(_grains, _services, entry, Parts.Plan, Parts.Prepared, Parts.DeviceClass, Parts.Epoch, Crew, _chronicle, _held, _began, _logger);
    }

    /// <summary>Lets go of its ranges, whose state is in the commit that it has just made: the next that opens them places them anew.</summary>
    internal async Task LeaveRanges()
    {
        _logger.RunMoved(Parts.Run, Loop.State.Round);
        Mark(MarkKind.Moved, "Its ranges moved: a silo that had some is about to end.");
        await Released(Parts.Aggregators.Select(aggregator => aggregator.Close(Parts.Epoch)));
    }

    /// <summary>
    /// Makes some rounds and forgets them, to fix the number of steps that <c>--minutes</c> leaves time for. The run that then
    /// begins, under the next epoch, is the one that <c>--steps</c> with that number would be.
    /// </summary>
    internal async Task<ActiveRun> Timed()
    {
        var rounds = await Loop.TimeSteps(Parts.Plan.Minutes!.Value);
        Loop.Board.Close();
        await _services.Journal.Note(Parts.Run, Parts.Version, Parts.Epoch, new RunNote { Phase = RunPhase.Training, Steps = rounds });
        var epoch = await _services.Claim(Parts.Run, Parts.Version, Parts.Epoch);
        return new ActiveRun(_grains, _services, _entry with { Steps = rounds }, Parts with { Epoch = epoch }, ResumePoint.Beginning(rounds, _from.Files), Crew, _chronicle, _held, _began, _logger);
    }

    /// <summary>Gives aggregators their state and workers their assignment.</summary>
    /// <param name="trace">The span of the whole run.</param>
    /// <param name="ending">Cancelled when its silo ends.</param>
    /// <exception cref="OperationCanceledException">Its silo ends: a range that is not open yet is placed nowhere any more.</exception>
    internal async Task Begin(string? trace, CancellationToken ending)
    {
        var (flow, clock) = (new Block<byte>(FlowSpecJson.Write(Parts.Prepared.Flow)), _services.Clock);
        var (settings, ranges) = (Parts.Prepared.Settings, Ranges);
        await _services.Journal.Note(Parts.Run, Parts.Version, Parts.Epoch, new RunNote { Phase = RunPhase.Training });
        var openings = ranges.Select(range => new AggregatorOpening(Parts.Epoch, range, Parts.Plan.Shards, Loop.State.Round, flow, _from.Files, settings.Rule(Parts.Plan)));
        Loop.Begin(await Task.WhenAll(Parts.Aggregators.Zip(openings, (aggregator, opening) => Repeated.Call(() => aggregator.Open(opening), clock, ending))));
        Crew.Assign(new WorkerAssignment(
            Parts.Run, Parts.Epoch, flow, Parts.Prepared.Rows, Parts.Plan.Shards, ranges, settings.Noise, settings.Inner(Parts.Plan, Loop.State.Steps),
            Parts.Prepared.Flow.Hash()) { TraceParent = trace });
        _logger.RunStarted(Parts.Run, Parts.Version, Steps, StepsOf(Loop.State.Steps ?? 0), Crew.Count, Parts.Epoch.Number);
    }

    /// <summary>Measures and publishes the best weights.</summary>
    internal Task<RunResult> Publish() =>
        new Publication(Parts, Loop, _commits.Rounds, _services.Models, _services.Clock).Publish(() => _services.Clock.GetElapsedTime(_began).TotalSeconds);

    /// <summary>Keeps up with the slots that a run may use, until it is over.</summary>
    /// <param name="now">The run as it is now: it may have been opened again since.</param>
    /// <param name="over">Cancelled when the run is over.</param>
    internal static async Task FollowSlots(Func<ActiveRun> now, CancellationToken over)
    {
        var (run, seen) = (now(), 0L);
        var slots = run._grains.GetGrain<ISlotsGrain>(0);
        var request = new SlotRequest(run.Parts.Run, run.Parts.Plan.Priority, run._entry.Started.UtcTicks, run.Parts.DeviceClass);
        while (!over.IsCancellationRequested)
        {
            if (await Repeated.Call(() => slots.Share(request, seen).WaitAsync(over), run._services.Clock, over) is not { } share)
            {
                await Task.Delay(LongPoll.Pause, run._services.Clock, over);
                continue;
            }

            seen = share.Sequence;
            await now().Use(share);
        }
    }

    /// <summary>Looks for workers that are silent.</summary>
    internal async Task Look()
    {
        var silent = Crew.TakeSilent();
        foreach (var worker in silent) Lost(worker, "it was silent for three seconds", _services.Clock.GetTimestamp());
        foreach (var (worker, since) in _gone.Where(gone => _services.IsLost(WorkerKey.Parse(gone.Worker).Silo))) Lost(worker, "its silo was lost", since);
        _gone.Clear();
        await WorkWithout(silent);
        Loop.WorkersChanged();
        Crew.Tell();
    }

    /// <summary>Works without a worker that cannot begin or go on; with none left on any slot, the run fails with what the last one said.</summary>
    internal async Task SetAside(string worker, string sentence)
    {
        if (!Crew.SetAside(worker, sentence)) return;
        _logger.WorkerSetAside(Parts.Run, worker, sentence);
        Mark(MarkKind.WorkerSetAside, $"It works without {worker}: {sentence}");
        Loop.Meter.Lost("worker");
        if (!Crew.HasSlots) Loop.Fail(sentence);
        else await Loop.Lost([worker]);
        Loop.WorkersChanged();
        Loop.Changed();
    }

    /// <summary>Lets go of workers, aggregators and the lock; what does not let go is logged, and no reason to keep the rest.</summary>
    internal async Task End()
    {
        try
        {
            Loop.Board.Close();
            await Crew.End();
            await _commits.Settled();
            await Released([Task.Run(_chronicle.Saving())]);
            await Released(Parts.Aggregators.Select(aggregator => aggregator.Close(Parts.Epoch)));
            _services.Data.Release(Parts.Prepared.Rows);
        }
        finally
        {
            _held.Dispose();
        }
    }

    /// <summary>Keeps what befell the run.</summary>
    internal void Mark(MarkKind kind, string sentence) => _chronicle.Mark(Steps, kind, sentence);

    /// <summary>How it went so far.</summary>
    internal RunSeries Series => _chronicle.Series with { Objective = _objective };

    /// <summary>Where the run is.</summary>
    internal RunProgress Progress(RunPhase phase) => new(
        Parts.Run, Parts.Version, phase, Sequence: 0, Steps, StepsOf(Loop.State.Steps ?? 0), Loop.State.Passes, Loop.Last.TrainNats,
        Loop.State.Validation ?? double.NaN, Loop.State.Stopping.HasBest ? Loop.State.Stopping.Best : double.NaN,
        Loop.Last.LearningRate, Loop.Rate.Recent, _services.Clock.GetElapsedTime(_began).TotalSeconds, StepsOf(_from.State.Round), Crew.Count, Failure: null) { Waiting = Crew.Waiting, Without = Crew.Without, AtRisk = _services.Risk, OverQuota = _commits.OverQuota, Advice = _advice, Objective = _objective };

    /// <summary>Steps made.</summary>
    internal long Steps => StepsOf(Loop.State.Round);

    private long StepsOf(long rounds) => RunSchedule.StepsOf(Parts.Plan, rounds);

    private void WentOn(long noticed)
    {
        Mark(MarkKind.WentOn, $"It went on from step {Steps}: the silo that led it was lost, or left.");
        Loop.Meter.Lost("silo", noticed);
    }

    private void Lost(string worker, string why, long since)
    {
        _logger.WorkerLost(Parts.Run, worker, Loop.State.Round, why);
        Mark(MarkKind.WorkerLost, $"{worker} was lost: {why}. Its shards went to others.");
        Loop.Meter.Lost("worker", since);
    }

    private async Task Use(SlotShare share)
    {
        var (lived, gone) = (Crew.Living, Crew.Use(share.Slots));
        _gone.AddRange(gone.Where(lived.Contains).Select(worker => (worker, _services.Clock.GetTimestamp())));
        Crew.Waiting = share.Waiting ?? (Crew.HasSlots ? null : $"waits for another slot: it {Crew.Without}");
        await WorkWithout(gone);
        Loop.WorkersChanged();
        Loop.Changed();
    }

    /// <summary>Has others compute what these workers had; where a range does not answer, with the next look.</summary>
    private async Task WorkWithout(ImmutableArray<string> workers)
    {
        _lost.UnionWith(workers);
        if (_lost.Count == 0) return;
        ImmutableArray<string> lost = [.. _lost];
        await Loop.Lost(lost);
        _lost.ExceptWith(lost);
    }

    private static async Task<ActiveRun> Open(
        IGrainFactory grains, RunServices services, RunEntry entry, TrainingPlan plan, PreparedRun prepared, string? accepted, Epoch? holding, Crew crew, Chronicle chronicle, IDisposable held, long began, ILogger logger)
    {
        var epoch = await services.Claim(entry.Run, entry.Version, holding);
        var newest = await services.NewestSnapshot(entry, prepared.Flow.Hash());
        var here = FlowEngines.DeviceClassOf(prepared.Flow);
        var deviceClass = accepted ?? newest?.Snapshot.DeviceClass ?? here;
        if (deviceClass != here && !services.GoesOn) throw OtherClass(entry, deviceClass, here); // a cluster waits for a silo of that class
        await services.Journal.Rewind(entry.Run, entry.Version, epoch, newest?.Snapshot.State.Round ?? 0);
        var ranges = Cut.Ranges(prepared.Flow.Layout().Count, plan.Ranges).Length;
        var parts = new RunParts(
            entry.Run, entry.Version, epoch, plan, prepared, [.. Enumerable.Range(0, ranges).Select(index => grains.GetGrain<IAggregatorGrain>($"{entry.Run}/{index}"))], deviceClass, services.Silo);
        var from = newest is var (found, name)
            ? new ResumePoint(
                found.State with { Steps = entry.Steps }, [.. found.Parts.Select(part => Path.Combine(services.Snapshots.PathOf(entry.Run, entry.Version, name), part.File))], found.Rounds)
            : ResumePoint.Beginning(entry.Steps, services.Beginnings.FilesOf(entry.Run, entry.Version, prepared.From));
        return new ActiveRun(grains, services, entry, parts, from, crew, chronicle, held, began, logger);
    }

    private static BadInputException OtherClass(RunEntry entry, string began, string here) => new(
        $"Run '{entry.Run}' was begun in the device class {began} and this machine computes in {here}, to other bits; go on where it began, or let it go on here with 'flowgrain runs resume {entry.Run} --accept-class'.");

    private async Task Released(IEnumerable<Task> calls)
    {
        try
        {
            await Task.WhenAll(calls);
        }
        catch (Exception error)
        {
            _logger.NotReleased(error, Parts.Run);
        }
    }
}
