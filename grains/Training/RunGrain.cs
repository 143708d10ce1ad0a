using System.Collections.Immutable;
using System.Diagnostics;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <inheritdoc cref="IRunGrain" />
internal sealed class RunGrain(RunServices services, ILogger<RunGrain> logger) : Grain, IRunGrain, IShardLeases
{
    private static readonly TimeSpan Beats = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _deactivated = new();
    private TaskCompletionSource<object> _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ActiveRun? _active;
    private CancellationTokenSource? _preparing;
    private RunProgress? _progress;
    private RunResult? _result;
    private Task _starting = Task.CompletedTask;
    private Task _work = Task.CompletedTask;
    private bool _stopAsked;
    private bool _takenOver;

    private string Run => this.GetPrimaryKeyString();

    /// <summary>Whether another process on this home trains the run: then the journal knows more than this activation.</summary>
    private bool IsElsewhere => _active is null && _preparing is null && (services.Holds.IsElsewhere(Run) || _progress is { Phase: RunPhase.Training });

    public override async Task OnActivateAsync(CancellationToken cancellation)
    {
        if (await services.Journal.Newest(Run) is not { } entry) return;
        await Remember(entry);
        if (services.GoesOn && IsUnderWay(entry)) _ = this.AsReference<IRunGrain>().GoOn(); // whoever asked first for the run wakes it
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation)
    {
        AskToStop();
        await _deactivated.CancelAsync();
        await _work;
    }

    public Task<RunProgress> Start(TrainingPlan plan, CancellationToken cancellation = default) => Start(plan, acceptClass: false, cancellation);

    public async Task<RunProgress> Resume(bool acceptClass, CancellationToken cancellation = default)
    {
        if (await services.Journal.Newest(Run) is not { } entry) throw new NotFoundException($"There is no run '{Run}' to resume; start one with 'flowgrain train'.");
        if (acceptClass && _active is { Crew.Waiting: not null }) await Stop(); // it waits for the class that it was begun in
        return await Start(Json.Value<TrainingPlan>(entry.PlanJson), acceptClass, cancellation);
    }

    public async Task GoOn()
    {
        if (_active is not null || _preparing is not null || !services.GoesOn) return;
        if (await services.Journal.Newest(Run) is not { } entry || !IsUnderWay(entry)) return;
        try
        {
            await Start(Json.Value<TrainingPlan>(entry.PlanJson), _deactivated.Token);
        }
        catch (Exception error)
        {
            logger.RunNotGoneOn(error, Run); // it is asked again when a silo comes or goes
        }
    }

    public async Task<RunProgress> Progress()
    {
        if (IsElsewhere && await services.Journal.Newest(Run) is { } entry && _active is null) await Remember(entry);
        return _progress ?? RunProgresses.Idle(Run);
    }

    public async Task<RunProgress> WaitForProgress(long seen, CancellationToken cancellation = default)
    {
        if (_progress is null || _progress.Sequence <= seen) await LongPoll.Answer(_changed.Task, services.Clock, cancellation);
        return await Progress();
    }

    public async Task<ImmutableArray<LossPoint>> History()
    {
        if (_active is { } active) return [.. active.Loop.State.History.Points];
        if (await services.Journal.Newest(Run) is not { } entry) return [];
        if (entry.ResultJson is not null) return services.Models.Describe(Run, entry.Version).Record.Losses;
        return await services.NewestState(entry) is { } state ? [.. state.History.Points] : [];
    }

    public async Task<RunProgress> Stop()
    {
        if (_active is null && _preparing is null && services.Holds.IsElsewhere(Run)) throw services.Holds.Conflict(Run);
        if (_preparing is { } preparing) await preparing.CancelAsync();
        AskToStop();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext); // who started it hears of its faults
        await _work;
        return await Progress();
    }

    public Task<RunResult?> Result() => Task.FromResult(_result);

    public Task<TestReport> Test(CancellationToken cancellation = default) => _result is { } result
        ? services.Baselines.Report(result, cancellation)
        : throw new BadInputException($"Run '{Run}' has not finished, so there is nothing to test.");

    public async Task Delete()
    {
        RunName.Require(Run);
        if (_active is { } active) throw Busy(active);
        using (await services.Holds.Take(Run))
        {
            await services.Journal.Delete(Run);
            services.Snapshots.Delete(Run); // while it is held: nobody else may begin it meanwhile
        }

        (_progress, _result) = (null, null);
    }

    public async Task<ShardLease?> Lease(Epoch epoch, string worker, LeaseReport? finished, CancellationToken cancellation = default)
    {
        var active = Require(epoch, worker);
        if (finished is not null) active.Loop.Finished(worker, finished);
        return await active.Loop.Board.Take(worker, WorkerKey.Parse(worker).Silo, () => active.Crew.Lives(worker), cancellation);
    }

    public Task Beat(Epoch epoch, string worker, ImmutableArray<LeaseId> held)
    {
        Require(epoch, worker).Loop.Board.Confirm(worker, held);
        return Task.CompletedTask;
    }

    public Task ReportEvaluation(Epoch epoch, ShardLease lease, EvaluationSums sums)
    {
        Require(epoch).Loop.Report(lease, sums);
        return Task.CompletedTask;
    }

    public Task ReportMismatch(Epoch epoch, long round, ShardLeaf first, ShardLeaf second)
    {
        Require(epoch).Loop.Disagree(round, first, second);
        return Task.CompletedTask;
    }

    public Task ReportUnfit(Epoch epoch, string worker, string sentence) => Require(epoch).SetAside(worker, sentence);

    public Task ReportFailure(Epoch epoch, string worker, string sentence)
    {
        Require(epoch).Loop.Fail(sentence);
        return Task.CompletedTask;
    }

    private async Task<RunProgress> Start(TrainingPlan plan, bool acceptClass, CancellationToken cancellation)
    {
        RunName.Require(Run);
        if (_active is { } active) return SamePlan(active.Parts.Plan, plan) ? _progress! : throw Busy(active);
        Report(RunProgresses.Preparing(Run, _progress));
        using var preparing = _preparing = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _deactivated.Token);
        _stopAsked = false;
        _starting = Prepare(plan, acceptClass, preparing.Token);
        try
        {
            await _starting;
        }
        catch
        {
            if (await services.Journal.Newest(Run) is { } entry) await Remember(entry);
            else Report(RunProgresses.Idle(Run));
            throw;
        }
        finally
        {
            _preparing = null;
        }

        return _progress!;
    }

    private async Task Prepare(TrainingPlan plan, bool acceptClass, CancellationToken cancellation)
    {
        var began = services.Clock.GetTimestamp();
        PlanRules.Require(plan);
        var settings = RunSettings.Of(plan);
        var dataset = await GrainFactory.GetGrain<IDatasetGrain>(Path.GetFullPath(plan.Data.Path)).Import(plan.Data, cancellation);
        var prepared = await DedicatedThread.Once("flowgrain-prepare", () => services.Preparation.Prepare(plan, settings, dataset.Id, cancellation));
        cancellation.ThrowIfCancellationRequested();
        var planHash = PlanHash.Of(plan, prepared);
        var steps = RunSchedule.Of(plan, prepared.Data.Split.TrainRows).Steps(plan);
        var held = await services.Holds.Take(Run); // before the journal: a refused plan leaves no version behind
        try
        {
            var entry = await services.Journal.FindOrAdd(Run, new NewRun(planHash, Json.Text(plan), plan.Model, steps, services.Models.Versions(Run).LastOrDefault()));
            await Remember(entry);
            if (entry.ResultJson is not null && await DedicatedThread.Once("flowgrain-verify", () => services.Models.IsIntact(Run, entry.Version)))
            {
                held.Dispose();
                return;
            }

            _active = await ActiveRun.Open(GrainFactory, services, entry, plan, prepared, acceptClass, held, began, logger);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        _work = Work(_active);
        DelayDeactivation(Timeout.InfiniteTimeSpan); // the run itself ends the grain's work
    }

    private void AskToStop()
    {
        _stopAsked = true;
        _active?.Loop.Stop();
    }

    /// <summary>Trains, publishes, and always ends in a phase that is logged and journaled.</summary>
    private async Task Work(ActiveRun active)
    {
        using var over = new CancellationTokenSource();
        var slots = FollowSlots(active, over.Token);
        using var look = this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(Beats, Beats) { Interleave = true });
        using var job = Telemetry.StartJob(Run, active.Parts.Version, active.Parts.Plan.Model);
        var end = await Ending(active, job?.Context);
        job?.SetTag("flowgrain.phase", $"{end.Phase}").SetStatus(end.Phase == RunPhase.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset, end.Failure);
        await over.CancelAsync();
        await slots;
        await _active!.End();
        if (!_takenOver) await Released();
        _active = null;
        if (_takenOver) DeactivateOnIdle();
        else DelayDeactivation(TimeSpan.FromMinutes(5));
        Report(end);
    }

    /// <summary>Trains until the run is at rest; a range that is lost sends it back to its last commit, under the next epoch.</summary>
    private async Task<RunProgress> Ending(ActiveRun active, ActivityContext? job)
    {
        while (true)
        {
            try
            {
                return await Trained(active, job);
            }
            catch (StaleEpochException stale)
            {
                logger.RunTakenOver(Run, stale.Message);
                return await TakenOver();
            }
            catch (RangeLostException lost)
            {
                logger.RunReopened(Run, _active!.Loop.State.Round, lost.Message);
                if (await Reopened(_active) is not { } next) return await Failed(_active, lost);
                active = next;
            }
            catch (Exception error)
            {
                logger.RunFailed(error, Run, _active!.Loop.State.Round);
                return await Failed(_active, error);
            }
        }
    }

    /// <summary>Another activation has claimed the run, and this one leaves it alone; how it stands is in the journal.</summary>
    private async Task<RunProgress> TakenOver()
    {
        _takenOver = true;
        try
        {
            return await services.Journal.Newest(Run) is { } entry
                ? RunProgresses.Of(entry, await services.NewestState(entry), services.Holds.IsAlive(Run))
                : RunProgresses.Idle(Run);
        }
        catch (Exception error) // the activation ends either way, and the next one asks the journal again
        {
            logger.RunFailed(error, Run, _active!.Loop.State.Round);
            return RunProgresses.Idle(Run);
        }
    }

    private async Task<ActiveRun?> Reopened(ActiveRun active)
    {
        try
        {
            return await active.Reopened();
        }
        catch (Exception error)
        {
            logger.RunFailed(error, Run, active.Loop.State.Round);
            return null;
        }
    }

    private async Task<RunProgress> Trained(ActiveRun active, ActivityContext? job)
    {
        try
        {
            await Begin(active, job);
            if (active.Loop.State.Steps is null)
            {
                active = await active.Timed();
                await Begin(active, job);
            }

            await active.Loop.Rounds();
            return active.Loop.IsComplete ? await Publish(active) : await Stopped(active);
        }
        catch (OperationCanceledException) when (active.Loop.IsStopping)
        {
            return await Stopped(active);
        }
    }

    /// <summary>Keeps up with the slots that the run may use; without news it works on those it has.</summary>
    private async Task FollowSlots(ActiveRun active, CancellationToken over)
    {
        try
        {
            await ActiveRun.FollowSlots(() => _active ?? active, over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception error)
        {
            logger.SlotsNotFollowed(error, Run);
            active.Loop.Fail($"Run '{Run}' can no longer learn which slots it may use: {error.Message}");
        }
    }

    private async Task Released()
    {
        try
        {
            await GrainFactory.GetGrain<ISlotsGrain>(0).Release(Run);
        }
        catch (Exception error) // they are free in half a minute at the latest
        {
            logger.NotReleased(error, Run);
        }
    }

    private async Task Look()
    {
        try
        {
            if (_active is { } active) await active.Look();
        }
        catch (ClusterUnreachableException error)
        {
            logger.NotLooked(error, Run); // the round meets the same, and answers it
        }
    }

    private async Task Begin(ActiveRun active, ActivityContext? job)
    {
        _active = active;
        active.Loop.Job = job;
        active.Loop.Changed = () => Report(active.Progress(RunPhase.Training));
        active.Loop.Changed();
        if (_stopAsked) active.Loop.Stop(); // the loop before it was asked
        await active.Begin();
    }

    private async Task<RunProgress> Publish(ActiveRun active)
    {
        Report(active.Progress(RunPhase.Publishing));
        _result = await active.Publish();
        await Note(active, new RunNote { Phase = RunPhase.Finished, ResultJson = Json.Text(_result) });
        logger.RunPublished(Run, _result.Version, _result.WeightsSha256);
        return active.Progress(RunPhase.Finished);
    }

    private async Task<RunProgress> Stopped(ActiveRun active)
    {
        if (_deactivated.IsCancellationRequested && services.GoesOn) return active.Progress(RunPhase.Training); // its silo ends; another one goes on
        await Note(active, new RunNote { Phase = RunPhase.Stopped });
        logger.RunStopped(Run, active.Loop.State.Round);
        return active.Progress(RunPhase.Stopped);
    }

    private async Task<RunProgress> Failed(ActiveRun active, Exception error)
    {
        try
        {
            await Note(active, new RunNote { Phase = RunPhase.Failed, Failure = error.Message });
        }
        catch (Exception unwritten) // the run is over whether or not that can be written down
        {
            logger.RunFailed(unwritten, Run, active.Loop.State.Round);
        }

        return active.Progress(RunPhase.Failed) with { Failure = error.Message, FailedOnInput = error is BadInputException or DiskFullException };
    }

    private static bool IsUnderWay(RunEntry entry) => entry.Phase is RunPhase.Preparing or RunPhase.Training or RunPhase.Publishing;

    private Task Note(ActiveRun active, RunNote note) => services.Journal.Note(Run, active.Parts.Version, active.Parts.Epoch, note);

    private async Task Remember(RunEntry entry)
    {
        _result = entry.ResultJson is { } json ? Json.Value<RunResult>(json) : null;
        var progress = RunProgresses.Of(entry, await services.NewestState(entry), services.Holds.IsAlive(Run));
        if (progress with { Sequence = _progress?.Sequence ?? 0 } != _progress) Report(progress); // no news wakes nobody
    }

    private void Report(RunProgress progress)
    {
        _progress = progress with { Sequence = (_progress?.Sequence ?? 0) + 1 };
        var changed = _changed;
        _changed = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult(this);
    }

    private ActiveRun Require(Epoch epoch) => _active is { } active && active.Parts.Epoch == epoch
        ? active
        : throw new StaleEpochException($"Run '{Run}' is at epoch {_active?.Parts.Epoch.Number.ToString() ?? "none"}; the caller came with {epoch.Number}.");

    private ActiveRun Require(Epoch epoch, string worker) => Require(epoch) is var active && active.Crew.Heard(worker)
        ? active
        : throw new StaleEpochException($"Run '{Run}' works without '{worker}'.");

    private RunConflictException Busy(ActiveRun active) => new(
        $"Run '{Run}' is training version {active.Parts.Version} with another plan; wait for it, 'flowgrain runs cancel {Run}', or choose another --name.");

    private static bool SamePlan(TrainingPlan one, TrainingPlan other) => Json.Text(one with { Priority = other.Priority }) == Json.Text(other);
}
