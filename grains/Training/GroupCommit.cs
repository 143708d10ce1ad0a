using System.Diagnostics;
using FlowGrain.Training.Chronicles;

namespace FlowGrain.Training;

/// <summary>
/// Makes rounds durable in groups, beside the training: a snapshot, then the journal's record that names it. A crash costs
/// at most two intervals of computing, which is done again to the same bits.
/// </summary>
internal sealed class GroupCommit(RunParts parts, RoundLog rounds, Chronicle chronicle, SnapshotStore snapshots, CheckpointQuota quota, IRunJournal journal, TimeProvider clock)
{
    private const double WriteShare = 20; // an interval is at least this many times its own writing
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);

    private readonly string _specHash = parts.Prepared.Flow.Hash();
    private Task _writing = Task.CompletedTask;
    private TimeSpan _interval = LeastInterval;
    private long _begun = clock.GetTimestamp();
    private long _round = -1;

    /// <summary>The record of the rounds, of which each group takes its own to disk.</summary>
    internal RoundLog Rounds => rounds;

    /// <summary>The span of the whole run, to which a commit is linked that is part of no traced round.</summary>
    internal ActivityContext? Job { get; set; }

    /// <summary>How long until a commit is due; below zero where one is.</summary>
    internal TimeSpan Left => _interval - clock.GetElapsedTime(_begun);

    /// <summary>By how much the checkpoints of all runs exceeded their quota after the last commit, as a sentence; null where they do not.</summary>
    internal string? OverQuota { get; private set; }

    /// <summary>Begins a commit when one is due; waits only when the one before is older than two intervals.</summary>
    /// <param name="state">Where the run is.</param>
    /// <param name="traceParent">The span of the last round, of which the commit is part; null where it has none.</param>
    internal async Task AtBoundary(RunState state, string? traceParent = null)
    {
        var age = clock.GetElapsedTime(_begun);
        if (age < _interval) return;
        if (!_writing.IsCompleted && age < 2 * _interval) return;
        await _writing;
        await Begin(state, traceParent);
    }

    /// <summary>Commits now and returns when it is durable.</summary>
    internal async Task Now(RunState state, string? traceParent = null)
    {
        await _writing;
        if (_round == state.Round) return; // the last boundary has just done it
        await Begin(state, traceParent);
        await _writing;
    }

    /// <summary>Returns when nothing is being written any more, whatever came of it.</summary>
    internal Task Settled() => _writing.ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task Begin(RunState state, string? traceParent)
    {
        (_begun, _round) = (clock.GetTimestamp(), state.Round);
        await Task.WhenAll(parts.Aggregators.Select(aggregator => Repeated.Call(() => aggregator.Freeze(parts.Epoch, state.Round), clock)));
        _writing = Write(state, rounds.Take(), chronicle.Saving(), traceParent);
    }

    private async Task Write(RunState state, IReadOnlyList<RoundLine> lines, Action saveChronicle, string? traceParent)
    {
        using var span = (Spans.StartUnder(traceParent, Spans.Checkpoint) ?? Spans.StartRoot(Spans.Checkpoint, Job))?.Of(parts.Run, Math.Max(0, state.Round - 1), parts.Silo); // the last round that it has
        var folder = "";
        try
        {
            folder = await Task.Run(() => snapshots.Begin(parts.Run, parts.Version, state.Round, parts.Epoch));
            var files = await Task.WhenAll(parts.Aggregators.Select((aggregator, range) =>
                Repeated.Call(() => aggregator.WriteFrozen(parts.Epoch, Path.Combine(folder, $"range-{range:00}.bin")), clock)));
            var segments = await Task.Run(() => rounds.Append(lines));
            var snapshot = new Snapshot(Snapshot.CurrentFormat, _specHash, parts.Epoch.Number, state, [.. files]) { DeviceClass = parts.DeviceClass, Rounds = segments };
            var (name, sha256) = await Task.Run(() => snapshots.Seal(folder, parts.Run, parts.Version, parts.Epoch, snapshot));
            double? best = double.IsFinite(state.Stopping.Best) ? state.Stopping.Best : null;
            var kept = await journal.Commit(parts.Run, parts.Version, parts.Epoch, new CommittedSnapshot(state.Round, name, sha256, best));
            await Task.Run(() => snapshots.Keep(parts.Run, parts.Version, parts.Epoch, kept));
            await Task.Run(saveChronicle); // behind the journal's record: whoever lost the claim writes none
            OverQuota = await quota.Keep();
            Measured(files);
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            Telemetry.CheckpointFailures.Add(1);
            SnapshotStore.Abandon(folder);
            throw; // the next boundary awaits this task and the run fails with the reason
        }
    }

    private void Measured(SnapshotPart[] files)
    {
        var took = clock.GetElapsedTime(_begun);
        _interval = TimeSpan.FromSeconds(Math.Max(LeastInterval.TotalSeconds, WriteShare * took.TotalSeconds));
        Telemetry.CheckpointSeconds.Record(took.TotalSeconds);
        Telemetry.CheckpointBytes.Record(files.Sum(file => file.Bytes));
    }
}
