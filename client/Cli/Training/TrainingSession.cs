using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Starts a run, shows it, and sees it through.</summary>
internal sealed class TrainingSession(Invocation cli, ICluster cluster)
{
    /// <summary>The file that the traced rounds are written to; null for none.</summary>
    internal string? Trace { get; init; }

    /// <summary>Trains until the model is published; returns the plan that was trained, complete, and what it came to.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="plan">What to train.</param>
    /// <param name="interrupted">The first Ctrl+C or SIGTERM: the run stops after its round.</param>
    /// <exception cref="InterruptedException">The user stopped it; the checkpoint is kept.</exception>
    /// <exception cref="FailedException">The run failed.</exception>
    internal async Task<(TrainingPlan Plan, RunResult Result)> Train(string run, TrainingPlan plan, CancellationToken interrupted)
    {
        if (StartNews.Rounding(plan) is { } rounding) cli.Say(rounding);
        var result = await SeeThrough(run, () => Start(run, plan, interrupted), plan.Patience ?? TrainingPlan.DefaultPatience, interrupted);
        var trained = plan.From is null ? plan : await cluster.RunPlan(run, interrupted);
        return (trained, result with { DroppedRows = await DroppedRows(trained, interrupted) });
    }

    /// <summary>Goes on with a run until the model is published.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="acceptClass">Whether it may go on in another device class than it was begun in.</param>
    /// <param name="interrupted">The first Ctrl+C or SIGTERM: the run stops after its round.</param>
    /// <exception cref="InterruptedException">The user stopped it; the checkpoint is kept.</exception>
    /// <exception cref="FailedException">The run failed.</exception>
    internal Task<RunResult> Resume(string run, bool acceptClass, CancellationToken interrupted) =>
        SeeThrough(run, () => cluster.ResumeRun(run, acceptClass, interrupted), patience: null, interrupted);

    private async Task<RunResult> SeeThrough(string run, Func<Task<RunProgress>> start, int? patience, CancellationToken interrupted)
    {
        cli.Host.Interrupts.LastWords = () => WhereItGoesOn(run);
        var before = await cluster.Runs(interrupted);
        var begun = await start();
        foreach (var sentence in StartNews.Of(begun, before)) cli.Say(sentence);
        var last = await Follow(run, interrupted);
        if (last.Phase != RunPhase.Finished) throw Unfinished(last, interrupted.IsCancellationRequested ? $"by {cli.Host.Interrupts.By}" : "from elsewhere");
        var result = await Finished(run);
        if (EarlyEnd.Of(last, result, patience) is { } early) cli.Say(early);
        return result;
    }

    private async Task<RunProgress> Start(string run, TrainingPlan plan, CancellationToken interrupted)
    {
        using var reading = ReadingLine.For(cli, "reading", plan.Data.Path);
        return await cluster.StartRun(run, plan, reading, interrupted);
    }

    private async Task<RunProgress> Follow(string run, CancellationToken interrupted)
    {
        using var gaveUp = new CancellationTokenSource();
        var stopping = Task.CompletedTask;
        await using var registration = interrupted.Register(() => stopping = Stop(run, gaveUp));
        using var trace = Trace is { } path ? new TraceFile(path, cli.Host.Clock) : null;
        var updates = cluster.WatchRun(run, gaveUp.Token);
        var last = await ProgressDisplays.For(cli).Follow(trace?.Along(updates, () => cluster.Round(run, gaveUp.Token)) ?? updates);
        await stopping; // the checkpoint is on disk only now
        trace?.Complete();
        return last;
    }

    private async Task Stop(string run, CancellationTokenSource gaveUp)
    {
        cli.Say($"Stopping after the running round; {cli.Host.Interrupts.By} again ends at once.");
        try
        {
            await cluster.StopRun(run);
        }
        catch (Exception error)
        {
            cli.Say($"{run} could not be stopped: {error.Message}");
            await gaveUp.CancelAsync(); // the watch would wait for a stop that never comes
        }
    }

    // The journal knows which checkpoint counts; the rounds since will be computed again.
    private async Task<string> WhereItGoesOn(string run)
    {
        if (cli.Remote is not null) return $"Ended at once; the cluster was asked to stop {run}, and '{cli.Suggest($"runs show {run}")}' says whether it has.";
        var step = (await cluster.Runs()).FirstOrDefault(listed => listed.Run == run)?.Step ?? 0;
        return step == 0
            ? "Ended at once, before the first checkpoint: the same command begins anew."
            : $"Ended at once: the same command goes on from step {step:#,0}.";
    }

    // The run's own seconds belong to the activation that trained it; a user's are those of this command.
    private async Task<RunResult> Finished(string run) =>
        await cluster.Result(run) is { } result
            ? result with { Seconds = cli.Seconds }
            : throw new FailedException($"Run '{run}' finished without a result; {cli.Suggest($"runs show {run}")} may say more.");

    // Importing again finds the data set that the run has just read.
    private async Task<long> DroppedRows(TrainingPlan plan, CancellationToken interrupted) =>
        plan.Data.Missing != MissingRows.Refuse ? (await cluster.Import(plan.Data, reading: null, interrupted)).DroppedRows : 0;

    private static Exception Unfinished(RunProgress last, string by) => last.Phase == RunPhase.Stopped
        ? new InterruptedException(last.Steps == 0
            ? $"Stopped {by} while its steps were timed: the same command times them anew."
            : $"Stopped {by} after step {last.Step:#,0} of {last.Steps:#,0}. The checkpoint is kept: the same command resumes it.")
        : last is { FailedOnInput: true, Failure: { } sentence } ? new BadInputException(sentence)
        : new FailedException(last.Failure ?? $"Run '{last.Run}' ended as {last.Phase.ToString().ToLowerInvariant()}.");
}
