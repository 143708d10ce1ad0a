using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>What a progress line says, piece by piece.</summary>
internal static class ProgressFigures
{
    /// <summary>Share of the planned steps that are done; 0 while their number is not fixed.</summary>
    internal static double Share(RunProgress progress) =>
        progress.Steps > 0 ? Math.Clamp((double)progress.Step / progress.Steps, 0, 1) : 0;

    internal static string Steps(RunProgress progress) => progress.Steps > 0
        ? $"{Figures.Count(progress.Step)}/{Figures.Of(progress.Steps, "step")} {100 * Share(progress):0}%"
        : Figures.Of(progress.Step, "step");

    internal static string Losses(RunProgress progress) =>
        $"{(Output.Losses.AreNats(progress.Objective) ? "" : $"{Output.Losses.Unit(progress.Objective)}: ")}train {Figures.Nats(progress.TrainNats)}  validation {Figures.Nats(progress.ValidationNats)} (best {Figures.Nats(progress.BestValidationNats)})";

    internal static string Time(RunProgress progress, double? secondsLeft) =>
        $"{Figures.Duration(progress.Seconds)} elapsed{(secondsLeft is { } left ? $", {Figures.Duration(left)} left" : "")}";

    /// <summary>Where a run has come to.</summary>
    internal static string End(RunProgress progress) =>
        $"{progress.Run}@{progress.Version}: {Words.Of(progress.Phase)}, {Steps(progress)}, best validation {Output.Losses.Figure(progress.BestValidationNats, progress.Objective)}";

    /// <summary>What is unusual about it; null where nothing is.</summary>
    internal static string? News(RunProgress progress) => progress.Waiting ?? progress.Without;

    /// <summary>One plain line.</summary>
    internal static string Line(RunProgress progress, double? secondsLeft) => progress.Phase switch
    {
        RunPhase.Preparing => $"{progress.Run}: preparing",
        RunPhase.Training when News(progress) is { } news => $"{progress.Run}: {news}, {Steps(progress)}",
        RunPhase.Publishing => $"{progress.Run}: measuring and publishing the model",
        _ => $"{progress.Run}: {Steps(progress)}  {Figures.Rate(progress.RowsPerSecond)}  {Losses(progress)}  {Time(progress, secondsLeft)}",
    };
}
