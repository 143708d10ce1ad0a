using System.Collections.Immutable;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>A run that this activation trains: its claim, its loop, its workers and aggregators.</summary>
internal sealed class ActiveRun
{
    private readonly RunServices _services;
    private readonly IDisposable _held;
    private readonly GroupCommit _commits;
    private readonly ImmutableArray<IWorkerGrain> _workers;
    private readonly string? _snapshot;
    private readonly long _began;
    private readonly long _resumedAt;
    private readonly ILogger _logger;

    private ActiveRun(RunServices services, RunParts parts, RunState state, string? snapshot, IDisposable held, ImmutableArray<IWorkerGrain> workers, long began, ILogger logger)
    {
        (_services, Parts, _snapshot, _held, _workers, _began, _logger) = (services, parts, snapshot, held, workers, began, logger);
        _resumedAt = state.Round;
        _commits = new GroupCommit(parts, services.Snapshots, services.Journal, services.Clock);
        Loop = new RunLoop(parts, state, _commits, services.Clock, logger);
    }

    /// <summary>What it works on.</summary>
    internal RunParts Parts { get; }

    /// <summary>Its rounds.</summary>
    internal RunLoop Loop { get; }

    /// <summary>Claims the run's next epoch and finds where to go on.</summary>
    internal static async Task<ActiveRun> Open(
        IGrainFactory grains, RunServices services, RunEntry entry, TrainingPlan plan, PreparedRun prepared, IDisposable held, long began, ILogger logger)
    {
        var epoch = await services.Journal.Claim(entry.Run, entry.Version);
        ImmutableArray<ParameterRange> ranges = [new(0, prepared.Flow.Layout().Count)];
        var newest = await services.NewestSnapshot(entry, prepared.Flow.Hash(), ranges.Length);
        if (newest is var (snapshot, _)) RequireClass(entry, snapshot, FlowEngines.DeviceClassOf(prepared.Flow));
        await services.Journal.Rewind(entry.Run, entry.Version, epoch, newest?.Snapshot.State.Round ?? 0);
        var state = (newest?.Snapshot.State ?? new RunState()) with { Steps = entry.Steps };
        var parts = new RunParts(
            entry.Run, entry.Version, epoch, plan, prepared, ranges,
            [.. ranges.Select((_, index) => grains.GetGrain<IAggregatorGrain>($"{entry.Run}/{index}"))]);
        var workers = Enumerable.Range(0, services.Slots.Count).Select(slot => grains.GetGrain<IWorkerGrain>($"{entry.Run}/{slot}"));
        return new ActiveRun(services, parts, state, newest?.Name, held, [.. workers], began, logger);
    }

    private static void RequireClass(RunEntry entry, Snapshot snapshot, string here)
    {
        if (snapshot.DeviceClass != here) throw new BadInputException(
            $"Run '{entry.Run}' was begun in the device class {snapshot.DeviceClass} and this machine computes in {here}, to other bits; go on where it began, or delete it with 'flowgrain runs delete {entry.Run}' and train anew.");
    }

    /// <summary>Gives aggregators their state and workers their assignment.</summary>
    internal async Task Begin()
    {
        var flow = new Block<byte>(FlowSpecJson.Write(Parts.Prepared.Flow));
        await _services.Journal.Note(Parts.Run, Parts.Version, Parts.Epoch, new RunNote { Phase = RunPhase.Training });
        await Task.WhenAll(Parts.Aggregators.Select((aggregator, index) => aggregator.Open(new AggregatorOpening(
            Parts.Epoch, Parts.Ranges[index], Parts.Plan.Shards, Loop.State.Round, flow, SnapshotFileOf(index), Parts.Prepared.Settings.Optimizer["weight_decay"]))));
        await Task.WhenAll(_workers.Select((worker, slot) => worker.Begin(new WorkerAssignment(Parts.Run, Parts.Epoch, slot, flow, Parts.Prepared.Rows, Parts.Prepared.Settings.Optimizer["noise"]))));
        _logger.RunStarted(Parts.Run, Parts.Version, Loop.State.Round, Loop.State.Steps ?? 0, _workers.Length, Parts.Epoch.Number);
    }

    /// <summary>Measures and publishes the best weights.</summary>
    internal Task<RunResult> Publish() =>
        new Publication(Parts, Loop, _services.Models).Publish(() => _services.Clock.GetElapsedTime(_began).TotalSeconds);

    /// <summary>
    /// Makes some rounds and forgets them, to fix the number of steps that <c>--minutes</c> leaves time for. The run that then
    /// begins, under the next epoch, is the one that <c>--steps</c> with that number would be.
    /// </summary>
    internal async Task<ActiveRun> Timed()
    {
        var steps = await Loop.TimeSteps(Parts.Plan.Minutes!.Value);
        Loop.Board.Close();
        await _services.Journal.Note(Parts.Run, Parts.Version, Parts.Epoch, new RunNote { Phase = RunPhase.Training, Steps = steps });
        var epoch = await _services.Journal.Claim(Parts.Run, Parts.Version);
        return new ActiveRun(_services, Parts with { Epoch = epoch }, new RunState { Steps = steps }, snapshot: null, _held, _workers, _began, _logger);
    }

    /// <summary>Lets go of workers, aggregators and the lock; what does not let go is logged, and no reason to keep the rest.</summary>
    internal async Task End()
    {
        try
        {
            Loop.Board.Close();
            await Released(_workers.Select(worker => worker.End(Parts.Epoch)));
            await _commits.Settled();
            await Released(Parts.Aggregators.Select(aggregator => aggregator.Close(Parts.Epoch)));
            _services.Data.Release(Parts.Prepared.Rows);
        }
        finally
        {
            _held.Dispose();
        }
    }

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

    /// <summary>Where the run is.</summary>
    internal RunProgress Progress(RunPhase phase) => new(
        Parts.Run, Parts.Version, phase, Sequence: 0, Loop.State.Round, Loop.State.Steps ?? 0, Loop.State.Passes, Loop.Last.TrainNats,
        Loop.State.Validation ?? double.NaN, Loop.State.Stopping.BestStep > 0 ? Loop.State.Stopping.Best : double.NaN,
        Loop.Last.LearningRate, Loop.Rate.Recent, _services.Clock.GetElapsedTime(_began).TotalSeconds, _resumedAt, _workers.Length, Failure: null);

    private string? SnapshotFileOf(int range) => _snapshot is null
        ? null
        : Path.Combine(_services.Snapshots.PathOf(Parts.Run, Parts.Version, _snapshot), $"range-{range:00}.bin");
}
