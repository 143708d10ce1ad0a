using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <inheritdoc cref="IRunGrain" />
[OnStayingSilo]
internal sealed class RunGrain(RunServices services, Residents residents, LeavingSilos leaving, ILocalSiloDetails local, ILogger<RunGrain> logger) : Grain, IRunGrain, IShardLeases
{
    private static readonly TimeSpan Beats = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2); // what has not ended by then asks silos that answer no more

    private readonly CancellationTokenSource _deactivated = new();
    private TaskCompletionSource<object> _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource? _preparing;
    private RunProgress? _progress;
    private RunResult? _result;
    private Task _starting = Task.CompletedTask;
    private Task _work = Task.CompletedTask;
    private RunWork? _working;
    private bool _stopAsked;
    private (int Asked, int Done) _stops; // ever; the journal may not know yet of one that is not done

    private string Run => this.GetPrimaryKeyString();

    private string Here => local.SiloAddress.ToParsableString();

    private ActiveRun? Active => _working?.Active;

    /// <summary>Whether another process on this home trains the run: then the journal knows more than this activation.</summary>
    private bool IsElsewhere => _working is null && _preparing is null && (services.Holds.IsElsewhere(Run) || _progress is { Phase: RunPhase.Training });

    public override async Task OnActivateAsync(CancellationToken cancellation)
    {
        if (await services.Journal.Newest(Run) is not { } entry) return;
        await Remember(entry);
        if (services.GoesOn && entry.IsUnderWay) _ = this.AsReference<IRunGrain>().GoOn(); // whoever asked first for the run wakes it
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation)
    {
        _working?.Abandon(); // its silo ends: workers and ranges get no answer any more, so its round would not end
        await Task.WhenAny(PassOn(), Task.Delay(Moment, services.Clock, cancellation));
    }

    public Task<RunProgress> Start(TrainingPlan plan, CancellationToken cancellation = default) => Start(new RunRequest(plan), cancellation);

    public async Task<RunProgress> Resume(bool acceptClass, CancellationToken cancellation = default)
    {
        if (await services.Journal.Newest(Run) is not { } entry) throw new NotFoundException($"There is no run '{Run}' to resume; start one with 'flowgrain train'.");
        if (acceptClass && Active is { Crew.Waiting: not null }) await Stop(); // it waits for the class that it was begun in
        return await Start(RunRequest.GoOn(entry, acceptClass), cancellation);
    }

    public async Task GoOn()
    {
        if (_working is not null || _preparing is not null || !services.GoesOn || leaving.Contains(Here)) return;
        var (_, done) = _stops;
        if (await services.Journal.Newest(Run) is not { } entry || !entry.IsUnderWay || _stops.Asked > done) return;
        try
        {
            await Start(RunRequest.GoOn(entry), CancellationToken.None);
        }
        catch (Exception error) when (error is BadInputException or DiskFullException)
        {
            logger.RunFailed(error, Run, entry.Step); // it would be refused again: its snapshots stay, and a resume goes on
            await NoteAtRest(entry, new RunNote { Phase = RunPhase.Failed, Failure = error.Message });
        }
        catch (Exception error)
        {
            logger.RunNotGoneOn(error, Run); // it is asked again when a silo comes or goes
        }
    }

    public async Task<RunProgress> Progress()
    {
        if (IsElsewhere && await services.Journal.Newest(Run) is { } entry && _working is null) await Remember(entry);
        return _progress ?? RunProgresses.Idle(Run);
    }

    public async Task<RunProgress> WaitForProgress(long seen, CancellationToken cancellation = default)
    {
        if (_progress is null || _progress.Sequence <= seen) await LongPoll.Answer(_changed.Task, services.Clock, cancellation);
        return await Progress();
    }

    public Task<ImmutableArray<LossPoint>> History() =>
        Active is { } active ? Task.FromResult(RunSchedule.StepsOf(active.Parts.Plan, active.Loop.State.History.Points)) : services.Losses(Run);

    public Task<RunSeries> Series(int? version) => Active is { } active && (version ?? active.Parts.Version) == active.Parts.Version
        ? Task.FromResult(active.Series)
        : services.Series(Run, version ?? _progress?.Version ?? 0);

    public Task<TrainingPlan?> Plan() => services.Plan(Run);

    public Task<RunStanding> Version(int version) => new RunVersions(services).Of(Run, version, IsElsewhere ? null : _progress);

    public async Task<RunProgress> Stop()
    {
        if (_working is null && _preparing is null && services.Holds.IsElsewhere(Run)) throw services.Holds.Conflict(Run);
        _stops.Asked++;
        try
        {
            if (_preparing is { } preparing) await preparing.CancelAsync();
            AskToStop();
            await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext); // who started it hears of its faults
            await _work;
            if (_working is null && services.GoesOn && await services.Journal.Newest(Run) is { IsUnderWay: true } entry)
                await NoteAtRest(entry, new RunNote { Phase = RunPhase.Stopped }); // it is on its way from one silo to another: whoever is woken next would go on
        }
        finally
        {
            _stops.Done++;
        }

        return await Progress();
    }

    public async Task Leave(string silo)
    {
        if (silo != Here)
        {
            if (_working is { } work) await work.Move();
            return;
        }

        await PassOn();
        DeactivateOnIdle();
    }

    public Task<RunResult?> Result() => Task.FromResult(_result);

    public Task<TestReport> Test(CancellationToken cancellation = default) => _result is { } result
        ? services.Baselines.Report(GrainFactory, result, cancellation)
        : throw new BadInputException($"Run '{Run}' has not finished, so there is nothing to test.");

    public async Task Delete()
    {
        RunName.Require(Run);
        if (Active is { } active) throw new RunConflictException($"Run '{Run}' is training version {active.Parts.Version}; stop it first, with 'flowgrain runs cancel {Run}'.");
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

    public Task ReportFailure(Epoch epoch, string worker, string sentence) => Require(epoch).SetAside(worker, sentence);

    private async Task<RunProgress> Start(RunRequest asked, CancellationToken cancellation)
    {
        RunName.Require(Run);
        asked = await new RunOrigin(GrainFactory, services).Completed(asked);
        if (Active is { } active) return asked.IsFor(active.Parts.Plan) ? _progress! : throw Busy(active);
        Report(RunProgresses.Preparing(Run, _progress));
        using var residence = residents.Enter(Run);
        using var preparing = _preparing = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _deactivated.Token);
        _stopAsked = false;
        _starting = Prepare(asked, preparing.Token);
        try
        {
            await _starting;
        }
        catch (OperationCanceledException) when (_deactivated.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SiloUnavailableException($"Run '{Run}' begins on another silo: this one ends."); // who asks again asks there
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

    private async Task Prepare(RunRequest asked, CancellationToken cancellation)
    {
        if (asked.Known is { } known && await services.IsPublished(known))
        {
            await Remember(known);
            return;
        }

        var (began, plan, origin) = (services.Clock.GetTimestamp(), asked.Plan, new RunOrigin(GrainFactory, services));
        PlanRules.Require(plan);
        var settings = RunSettings.Of(plan);
        var beginning = await origin.Beginning(asked); // before the data are read: where it is gone, they need not be
        using var dataset = await origin.Data(asked, cancellation);
        var prepared = await DedicatedThread.Once("flowgrain-prepare", () => services.Preparation.Prepare(plan, settings, beginning, dataset.Id, cancellation));
        cancellation.ThrowIfCancellationRequested();
        var held = await services.Holds.Take(Run); // before the journal: a refused plan leaves no version behind
        try
        {
            var entry = await origin.Version(Run, asked, prepared, dataset.Id);
            await Remember(entry);
            if (await services.IsPublished(entry))
            {
                held.Dispose();
                return;
            }

            await origin.Keep(Run, entry.Version, dataset.Id, beginning, cancellation);
            var opened = await ActiveRun.Open(GrainFactory, services, entry, plan, prepared, asked.AcceptClass, held, began, logger);
            _working = new RunWork(GrainFactory, services, opened, Report, _deactivated.Token, logger);
        }
        catch
        {
            held.Dispose();
            throw;
        }

        if (_stopAsked) _working.Stop(); // while it was opened
        _work = Work(_working);
        DelayDeactivation(Timeout.InfiniteTimeSpan); // the run itself ends the grain's work
    }

    /// <summary>Stops after the running round with everything durable, for another activation to go on.</summary>
    private async Task PassOn()
    {
        AskToStop();
        await _deactivated.CancelAsync();
        await _work;
    }

    private void AskToStop()
    {
        _stopAsked = true;
        _working?.Stop();
    }

    private async Task Work(RunWork work)
    {
        using var residence = residents.Enter(Run);
        using var look = this.RegisterGrainTimer(work.Look, new GrainTimerCreationOptions(Beats, Beats) { Interleave = true });
        var end = await work.ToTheEnd();
        (_working, _result) = (null, work.Result);
        if (work.IsTakenOver) DeactivateOnIdle();
        else DelayDeactivation(TimeSpan.FromMinutes(5));
        Report(end);
    }

    /// <summary>Notes something of a run that nobody works on.</summary>
    private async Task NoteAtRest(RunEntry entry, RunNote note)
    {
        if (!await services.NoteAtRest(entry, note)) return;
        await Remember(entry with { Phase = note.Phase, Failure = note.Failure });
        services.Ended(_progress!);
    }

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

    private ActiveRun Require(Epoch epoch) => Active is { } active && active.Parts.Epoch == epoch
        ? active
        : throw new StaleEpochException($"Run '{Run}' is at epoch {Active?.Parts.Epoch.Number.ToString() ?? "none"}; the caller came with {epoch.Number}.");

    private ActiveRun Require(Epoch epoch, string worker) => Require(epoch) is var active && active.Crew.Heard(worker)
        ? active
        : throw new StaleEpochException($"Run '{Run}' works without '{worker}'.");

    private RunConflictException Busy(ActiveRun active) => new(
        $"Run '{Run}' is training version {active.Parts.Version} with another plan; wait for it, 'flowgrain runs cancel {Run}', or choose another --name.");
}
