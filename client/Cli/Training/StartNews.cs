using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>What its user should know of a run that begins.</summary>
internal static class StartNews
{
    /// <summary>The sentences; none for a run like any other.</summary>
    /// <param name="begun">How it began.</param>
    /// <param name="before">The runs that there were before.</param>
    internal static IEnumerable<string> Of(RunProgress begun, IEnumerable<RunListing> before)
    {
        if (begun.Phase == RunPhase.Finished) yield return $"{begun.Run}@{begun.Version} has already been trained by this very plan; its figures again:";
        if (begun.ResumedAtStep > 0 && !begun.Phase.IsAtRest()) yield return $"Resuming {begun.Run} at step {begun.ResumedAtStep:#,0}.";
        if (begun.ResumedAtStep == 0 && begun.Advice is { } advice) yield return advice;
        var known = before.Where(listed => listed.Run == begun.Run).ToArray();
        if (known.MaxBy(listed => listed.Version) is { } last && known.All(listed => listed.Version != begun.Version)) yield return Another(begun, last);
    }

    /// <summary>How many steps a plan trains that asks for less than whole rounds, as a sentence; null where it trains what it asks for.</summary>
    internal static string? Rounding(TrainingPlan plan)
    {
        var (round, steps) = (plan.InnerSteps ?? TrainingPlan.DefaultInnerSteps, plan.Steps ?? 0);
        if (plan.Mode == SyncMode.Sync || round < 1 || steps % round == 0) return null;
        return $"--steps {steps} trains {Figures.Of(steps + round - (steps % round), "step")}: workers that meet every {Figures.Of(round, "step")} end with a meeting.";
    }

    private static string Another(RunProgress begun, RunListing last) =>
        $"These options, or the data, are not those of {last.Run}@{last.Version}, so they train {begun.Run}@{begun.Version}" + (last.Phase == RunPhase.Finished
            ? "."
            : $"; {last.Run}@{last.Version} stands at step {Figures.Count(last.Step)} of {Figures.Count(last.Steps)} and goes on with its own.");
}
