using System.Collections.Immutable;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Scoring;

/// <summary>What <c>score --json</c> prints.</summary>
internal sealed record ScoringAnswer(
    long Rows, double MeanLogProb, long NonFinite, double RowsPerSecond, double Seconds, string? Out, ImmutableArray<ScoredRow> LeastLikely, long ScoredBefore, string? Estimate)
{
    internal static ScoringAnswer Of(ScoringResult result, string? output) =>
        new(result.Rows, result.MeanLogProb, result.NonFinite, result.RowsPerSecond, result.Seconds, output, result.LeastLikely, result.ScoredBefore, result.Estimate);
}
