using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Why a run has finished with fewer steps than it was to make.</summary>
internal static class EarlyEnd
{
    /// <summary>The patience of a plan that gives none.</summary>
    internal const int DefaultPatience = 10;

    /// <summary>The sentence; null for a run that made all its steps.</summary>
    /// <param name="end">Where it ended.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="patience">Its patience; null where nobody here knows it.</param>
    internal static string? Of(RunProgress end, RunResult result, int? patience) => result.Steps < end.Steps
        ? $"Ended after {Figures.Count(result.Epochs)} of {Figures.Epochs(Math.Round(result.Epochs * end.Steps / result.Steps))}: {patience?.ToString("#,0 ") ?? ""}validations in a row brought nothing."
        : null;
}
