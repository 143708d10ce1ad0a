using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>Why a run has finished with fewer steps than it was to make.</summary>
internal static class EarlyEnd
{
    /// <summary>The sentence; null for a run that made all its steps.</summary>
    /// <param name="end">Where it ended.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="patience">Its patience; null where nobody here knows it.</param>
    internal static string? Of(RunProgress end, RunResult result, int? patience) => result.Steps < end.Steps
        ? $"Ended after {Figures.Count(result.Steps)} of {Figures.Of(end.Steps, "step")}: {Validations(patience)} brought nothing."
        : null;

    private static string Validations(int? patience) => patience switch
    {
        null => "validations in a row",
        1 => "1 validation",
        { } many => $"{Figures.Count(many)} validations in a row",
    };
}
