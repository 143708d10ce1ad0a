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
        $"NLL       {Figures.Nats(result.ValidationNll)} nats per row (validation), {Figures.Nats(result.TrainNll)} (training)",
        $"Gaussian  {Figures.Nats(result.GaussianNll)}: {Gain(result.GaussianNll - result.ValidationNll)}",
        $"Pace      {Figures.Rate(result.RowsPerSecond)}, {Figures.Duration(result.Seconds)} in all",
        $"Weights   sha256 {result.WeightsSha256} ({result.DeviceClass})",
        $"Folder    {result.Path}",
    ];

    /// <summary>The flow against the Gaussian, in words.</summary>
    internal static string Gain(double nats) => nats >= 0
        ? $"the flow gains {Figures.Nats(nats)} nats per row"
        : $"the flow is {Figures.Nats(-nats)} nats per row worse; train longer, or the data is Gaussian";
}
