using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Training;

/// <summary>What a finished run came to, in a few lines.</summary>
internal static class TrainingSummary
{
    /// <summary>Prints it.</summary>
    /// <param name="cli">Where to.</param>
    /// <param name="result">What it came to.</param>
    /// <param name="command">Whose seconds they are.</param>
    internal static void Print(Invocation cli, RunResult result, string command)
    {
        foreach (var line in Lines(result, command)) cli.PrintWords(line);
    }

    private static IEnumerable<string> Lines(RunResult result, string command) =>
    [
        $"{result.Model}@{result.Version}: {Figures.Count(result.Rows)} rows × {result.Dimension}, {Figures.Count(result.Parameters)} parameters, "
            + $"{Figures.Of(result.Steps, "step")} ({Figures.Epochs(result.Epochs)})",
        .. Dropped(result),
        .. Likelihoods.Lines(result.TrainNll, result.ValidationNll, result.GaussianNll),
        $"Pace        {Figures.Rate(result.RowsPerSecond)} while it trained; {command} took {Figures.Duration(result.Seconds)}",
        $"Weights     {result.WeightsSha256} (sha256, {result.DeviceClass})",
        $"Folder      {result.Path}",
    ];

    private static IEnumerable<string> Dropped(RunResult result) =>
        result.DroppedRows > 0 ? [$"Dropped     {Figures.Of(result.DroppedRows.Value, "row")} for missing or non-finite values"] : [];
}
