using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Starts a run, shows it, and sees it through.</summary>
internal sealed class TrainingSession(Invocation cli, ICluster cluster)
{
    /// <summary>Trains until the model is published.</summary>
    /// <param name="run">Name of the run.</param>
    /// <param name="plan">What to train.</param>
    /// <param name="interrupted">The first Ctrl+C or SIGTERM: the run stops after its round.</param>
    /// <exception cref="InterruptedException">The user stopped it; the checkpoint is kept.</exception>
    /// <exception cref="FailedException">The run failed.</exception>
    internal async Task<RunResult> Train(string run, TrainingPlan plan, CancellationToken interrupted)
    {
        cli.Host.Interrupts.LastWords = () => WhereItGoesOn(run);
        var begun = await Start(run, plan, interrupted);
        if (begun.Phase == RunPhase.Finished) cli.Say($"{run}@{begun.Version} has already been trained by this very plan; its figures again:");
        if (begun.ResumedAtStep > 0 && !begun.Phase.IsAtRest()) cli.Say($"Resuming {run} at step {begun.ResumedAtStep:#,0}.");
        var last = await Follow(run, interrupted);
        return last.Phase == RunPhase.Finished ? await Finished(run) : throw Unfinished(last, cli.Host.Interrupts.By);
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
        var last = await ProgressDisplays.For(cli).Follow(cluster.WatchRun(run, gaveUp.Token));
        await stopping; // the checkpoint is on disk only now
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

    private static Exception Unfinished(RunProgress last, string by) => last.Phase == RunPhase.Stopped
        ? new InterruptedException($"Stopped by {by} after step {last.Step:#,0} of {last.Steps:#,0}. The checkpoint is kept: the same command resumes it.")
        : last is { FailedOnInput: true, Failure: { } sentence } ? new BadInputException(sentence)
        : new FailedException(last.Failure ?? $"Run '{last.Run}' ended as {last.Phase.ToString().ToLowerInvariant()}.");
}
