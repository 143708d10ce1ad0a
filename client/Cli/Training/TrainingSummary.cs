using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>What a finished run came to, in a few lines.</summary>
internal static class TrainingSummary
{
    internal static IEnumerable<string> Lines(RunResult result) =>
    [
        $"{result.Model}@{result.Version}: {Figures.Count(result.Rows)} rows × {result.Dimension}, {Figures.Count(result.Parameters)} parameters, "
            + $"{Figures.Of(result.Steps, "step")} ({Figures.Epochs(result.Epochs)})",
        .. Likelihoods.Lines(result.TrainNll, result.ValidationNll, result.GaussianNll),
        $"Pace        {Figures.Rate(result.RowsPerSecond)}, {Figures.Duration(result.Seconds)} in all",
        $"Weights     sha256 {result.WeightsSha256} ({result.DeviceClass})",
        $"Folder      {result.Path}",
    ];
}
