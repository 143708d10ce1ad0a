using System.Diagnostics;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>
/// The work on a run, from its opening to a phase at rest: trains, publishes, and goes back to the last commit when a range is
/// lost or a worker was wrong. Runs in the turns of the run grain.
/// </summary>
/// <param name="grains">Reaches the slots.</param>
/// <param name="services">Journal, models, clock.</param>
/// <param name="opened">The run as it was opened.</param>
/// <param name="report">Told of every change.</param>
/// <param name="deactivated">Cancelled when the silo lets go of the grain.</param>
/// <param name="logger">The run grain's.</param>
internal sealed class RunWork(IGrainFactory grains, RunServices services, ActiveRun opened, Action<RunProgress> report, CancellationToken deactivated, ILogger logger)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _stopAsked;
    private TaskCompletionSource? _moving; // while a silo with ranges is about to end

    /// <summary>The run as it is now: it is opened again when a range is lost.</summary>
    internal ActiveRun Active { get; private set; } = opened;

    /// <summary>What it came to; null unless it has finished.</summary>
    internal RunResult? Result { get; private set; }

    /// <summary>Whether another activation has claimed the run.</summary>
    internal bool IsTakenOver { get; private set; }

    private string Run => Active.Parts.Run;

    /// <summary>Asks for a stop after the running round.</summary>
    internal void Stop()
    {
        _stopAsked = true;
        Active.Loop.Stop();
    }

    /// <summary>Leaves the running round as it is: whoever goes on begins at the last commit.</summary>
    internal void Abandon()
    {
        _stopAsked = true;
        Active.Loop.Abandon();
    }

    /// <summary>Has the ranges placed anew after the running round, off a silo that is about to end; returns when they are, or when the run is at rest.</summary>
    internal async Task Move()
    {
        var moving = _moving ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Active.Loop.Move();
        await Task.WhenAny(moving.Task, _over.Task);
    }

    /// <summary>Looks for workers that are silent.</summary>
    internal async Task Look()
    {
        try
        {
            await Active.Look();
        }
        catch (ClusterUnreachableException error)
        {
            logger.NotLooked(error, Run); // the round meets the same, and answers it
        }
    }

    /// <summary>Trains, publishes, and always ends in a phase that is logged and journaled.</summary>
    internal async Task<RunProgress> ToTheEnd()
    {
        using var job = Spans.StartJob(Run, Active.Parts.Version, Active.Parts.Prepared.Flow.Preset, Activity.Current is { Recorded: true } request ? request.Context : null, Active.Loop.State.Trace);
        JobTraces.Begin(Run, job);
        using var over = new CancellationTokenSource();
        var slots = FollowSlots(over.Token);
        var end = await Ending(job);
        job?.SetTag("flowgrain.phase", Label.Word(end.Phase)).SetStatus(end.Phase == RunPhase.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Unset, end.Failure);
        await over.CancelAsync();
        await slots;
        await Active.End();
        if (!IsTakenOver) await Released();
        if (!IsTakenOver && end.Phase.IsAtRest()) services.Ended(end); // one that goes on elsewhere has not
        _over.SetResult();
        return end;
    }

    /// <summary>Trains until the run is at rest; a range that is lost, or a worker that was wrong, sends it back to its last commit, under the next epoch.</summary>
    private async Task<RunProgress> Ending(Activity? job)
    {
        for (long? lost = null; ;)
        {
            try
            {
                if (lost is { } since) await Reopen(since);
                return await Trained(job);
            }
            catch (StaleEpochException stale)
            {
                logger.RunTakenOver(Run, stale.Message);
                return await TakenOver();
            }
            catch (Exception fault) when (fault is RangeLostException or WrongBitsException)
            {
                logger.RunReopened(Run, Active.Loop.State.Round, fault.Message);
                Active.Mark(MarkKind.Reopened, $"It goes back to its last commit: {fault.Message}");
                lost = services.Clock.GetTimestamp();
            }
            catch (ClusterUnreachableException silence) when (services.GoesOn)
            {
                logger.RunLeft(Run, Active.Steps, silence.Message);
                return Active.Progress(RunPhase.Training); // silence is no failure: in the journal it is under way, and it is woken again
            }
            catch (Exception error)
            {
                logger.RunFailed(error, Run, Active.Steps);
                return await Failed(error);
            }
        }
    }

    private async Task Reopen(long since)
    {
        Active = await Active.Reopened();
        Active.Loop.Meter.Lost("range", since);
    }

    /// <summary>Another activation has claimed the run, and this one leaves it alone; how it stands is in the journal.</summary>
    private async Task<RunProgress> TakenOver()
    {
        IsTakenOver = true;
        try
        {
            return await services.Journal.Newest(Run) is { } entry
                ? RunProgresses.Of(entry, await services.NewestState(entry), services.Holds.IsAlive(Run))
                : RunProgresses.Idle(Run);
        }
        catch (Exception error) // the activation ends either way, and the next one asks the journal again
        {
            logger.RunFailed(error, Run, Active.Steps);
            return RunProgresses.Idle(Run);
        }
    }

    private async Task<RunProgress> Trained(Activity? job)
    {
        try
        {
            do await Begin(job);
            while (await BeginsAgain());
            return Active.Loop.IsComplete ? await Publish() : await Stopped();
        }
        catch (OperationCanceledException) when (Active.Loop.IsStopping)
        {
            return await Stopped();
        }
    }

    /// <summary>Makes its rounds; true when it has to begin again, with a number of steps or with ranges that are placed anew.</summary>
    private async Task<bool> BeginsAgain()
    {
        var before = Active;
        if (before.Loop.State.Steps is null) await TimeSteps();
        else await before.Loop.Rounds();
        if (before.Loop.IsMoving) await MoveRanges();
        return Active != before;
    }

    private async Task TimeSteps()
    {
        var timed = Active;
        try
        {
            Active = await timed.Timed();
        }
        catch (OperationCanceledException) when (timed.Loop.IsMoving)
        {
            // It is timed where it has moved to.
        }
    }

    private async Task MoveRanges()
    {
        await Active.LeaveRanges();
        _moving!.SetResult();
        _moving = null;
        Active = await Active.Reopened();
    }

    /// <summary>Keeps up with the slots that the run may use; without news it works on those it has.</summary>
    private async Task FollowSlots(CancellationToken over)
    {
        try
        {
            while (!over.IsCancellationRequested) await FollowSlotsUntilSilence(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run is over.
        }
        catch (Exception error)
        {
            logger.SlotsNotFollowed(error, Run);
            Active.Loop.Fail($"Run '{Run}' can no longer learn which slots it may use: {error.Message}");
        }
    }

    private async Task FollowSlotsUntilSilence(CancellationToken over)
    {
        try
        {
            await ActiveRun.FollowSlots(() => Active, over);
        }
        catch (ClusterUnreachableException silence)
        {
            logger.SlotsSilent(Run, silence.Message);
        }
    }

    private async Task Released()
    {
        try
        {
            await grains.GetGrain<ISlotsGrain>(0).Release(Run);
        }
        catch (Exception error) // they are free in half a minute at the latest
        {
            logger.NotReleased(error, Run);
        }
    }

    private async Task Begin(Activity? job)
    {
        var active = Active;
        active.Loop.Job = job;
        active.Loop.Changed = () => report(active.Progress(RunPhase.Training));
        active.Loop.Changed();
        if (_stopAsked) active.Loop.Stop(); // the loop before it was asked
        if (_moving is not null) active.Loop.Move();
        await active.Begin(job?.Id, deactivated);
    }

    private async Task<RunProgress> Publish()
    {
        report(Active.Progress(RunPhase.Publishing));
        var result = await Active.Publish();
        services.Needed.Release(Run, result.Version); // before it counts as finished: a fault here is one of publishing
        await Note(new RunNote { Phase = RunPhase.Finished, ResultJson = Json.Text(result) });
        Active.Mark(MarkKind.Published, $"Version {result.Version} is published.");
        logger.RunPublished(Run, result.Version, result.WeightsSha256);
        Result = result;
        return Active.Progress(RunPhase.Finished);
    }

    private async Task<RunProgress> Stopped()
    {
        if (deactivated.IsCancellationRequested && services.GoesOn) return Active.Progress(RunPhase.Training); // its silo ends; another one goes on
        await Note(new RunNote { Phase = RunPhase.Stopped });
        Active.Mark(MarkKind.Stopped, "It was stopped.");
        logger.RunStopped(Run, Active.Steps);
        return Active.Progress(RunPhase.Stopped);
    }

    private async Task<RunProgress> Failed(Exception error)
    {
        Active.Mark(MarkKind.Failed, error.Message);
        try
        {
            await Note(new RunNote { Phase = RunPhase.Failed, Failure = error.Message });
        }
        catch (Exception unwritten) // the run is over whether or not that can be written down
        {
            logger.RunFailed(unwritten, Run, Active.Steps);
        }

        return Active.Progress(RunPhase.Failed) with { Failure = error.Message, FailedOnInput = error is BadInputException or DiskFullException };
    }

    private Task Note(RunNote note) => services.Journal.Note(Run, Active.Parts.Version, Active.Parts.Epoch, note);
}
