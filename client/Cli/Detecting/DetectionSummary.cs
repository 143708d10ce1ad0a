using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Detecting;

/// <summary>What <c>detect --json</c> prints.</summary>
internal sealed record DetectionSummary(
    long Rows, long Flagged, double Threshold, double? Auroc, double? AveragePrecision, double ReferenceRate, int ReferenceRows, long Unscored, double RowsPerSecond,
    double Seconds, string? Out, ImmutableArray<DetectedRow> Top)
{
    internal static DetectionSummary Of(DetectionResult result, string? output) => new(
        result.Rows, result.Flagged, result.Threshold, result.Ranking?.Auroc, result.Ranking?.AveragePrecision, result.ReferenceRate, result.ReferenceRows, result.Unscored,
        result.RowsPerSecond, result.Seconds, output, result.Top);
}
