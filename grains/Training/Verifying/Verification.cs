using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>Compares a replay with the record of the run, round by round.</summary>
/// <param name="name">The model and its version, as its user names them.</param>
/// <param name="folder">Its folder.</param>
/// <param name="record">Its run.json.</param>
/// <param name="replay">Makes its rounds again.</param>
/// <param name="progress">Told how far it is.</param>
internal sealed class Verification(string name, string folder, RunRecord record, Replay replay, IProgress<ReadingProgress> progress)
{
    private long _rows;

    /// <summary>Replays so many rounds, or all; the first that differs ends it. Returns what differs, as a sentence, and the round where one does.</summary>
    /// <param name="rounds">How many; null means all.</param>
    /// <param name="cancellation">Gives up.</param>
    internal async Task<(string? Finding, long? FirstDifferent)> Run(long? rounds, CancellationToken cancellation)
    {
        var most = Math.Min(rounds ?? long.MaxValue, record.Rounds!.Lines);
        try
        {
            foreach (var recorded in RoundFiles.Read(folder).Take(checked((int)most)))
            {
                var replayed = await replay.Next(cancellation);
                if (replay.Round == record.BestStep) await replay.KeepBest();
                if (Difference(recorded, replayed) is { } difference) return ($"Round {replay.Round} of {name} is not the same: {difference}.", replay.Round);
                Report(replayed.Rows, most);
            }
        }
        catch (InvalidDataException damaged)
        {
            return ($"The record of {name} is damaged: {damaged.Message}.", replay.Round + 1);
        }

        return (Fault(most == record.Rounds.Lines), null);
    }

    /// <summary>What the rounds alone do not show; null when all is well.</summary>
    private string? Fault(bool whole)
    {
        if (RoundFiles.Fault(folder, record) is { } fault) return $"The record of {name} is damaged: {fault}.";
        if (!whole) return null;
        var sha256 = replay.BestSha256();
        return sha256 == record.Result.WeightsSha256
            ? null
            : $"The rounds of {name} are the same, but the weights after round {record.BestStep} have the SHA-256 {sha256}; run.json names {record.Result.WeightsSha256}.";
    }

    private void Report(long rows, long most)
    {
        _rows += rows;
        var width = record.Plan.Data.Context.Length + record.Result.Dimension;
        progress.Report(new ReadingProgress(_rows, _rows * width * sizeof(float), (double)replay.Round / most));
    }

    private static string? Difference(RoundLine recorded, RoundLine replayed)
    {
        if (recorded.Step != replayed.Step || recorded.Epoch != replayed.Epoch) return $"the record has step {recorded.Step} of epoch {recorded.Epoch} there, which is step {replayed.Step} of epoch {replayed.Epoch}";
        if (recorded.Rows != replayed.Rows || recorded.Shards != replayed.Shards) return $"the record has {recorded.Rows} rows in {recorded.Shards} shards, the plan {replayed.Rows} in {replayed.Shards}";
        if (recorded.RowHash != replayed.RowHash) return $"its rows have the hash {replayed.RowHash:x16}, the record has {recorded.RowHash:x16}";
        if (BitConverter.DoubleToInt64Bits(recorded.Loss) != BitConverter.DoubleToInt64Bits(replayed.Loss)) return $"its loss is {replayed.Loss:R}, the record has {recorded.Loss:R}";
        return recorded.Weights == replayed.Weights ? null : $"replayed, its weights have the hash {replayed.Weights:x16}, the record has {recorded.Weights:x16}";
    }
}
