using FlowGrain.Cluster;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <summary>
/// Scores a file from the first row read to the last written, in order: one thread reads and writes, slots compute. Full parts are
/// kept until the output is whole, so that whoever asks again after an interruption goes on behind the last of them.
/// </summary>
internal sealed class BulkScoring(ScoringLanes lanes, StoredModel model, ScoringPlan plan, StorageOptions storage, IProgress<ReadingProgress> progress, TimeProvider clock)
{
    private const int ChunkRows = 1 << 14; // of a call to a slot; parts hold a whole number of them

    private readonly int _width = model.Flow.Columns.Length + model.Flow.Context.Length;
    private readonly int _latent = plan.Latent ? model.Flow.Columns.Length : 0;
    private readonly ScoringTally _tally = new();

    /// <summary>Does it. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The file or the output cannot be used; no output was written.</exception>
    /// <exception cref="DiskFullException">There is no room for the scores; no output was written.</exception>
    internal ScoringResult Run(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        using var reader = TableReader.Open(plan.Data);
        var warning = ModelColumns.Select(reader, [.. model.Flow.Columns, .. model.Flow.Context]);
        var key = ScoringKey.Of(model, plan);
        using var output = plan.Output is null ? null : ScoreOutput.Begin(plan.Output, _latent, clock);
        var ledger = ScoringLedger.Open(storage.Scorings, key, clock);
        foreach (var part in ledger.Done(_latent)) Add(part, output);
        var before = _tally.Totals.Rows;
        Skip(reader, before, cancellation);
        Score(reader, ledger, output, cancellation);
        var all = _tally.Totals;
        if (all.Rows == 0) throw new BadInputException($"'{reader.FileName}' has no rows to score; name a file with at least one.");
        if (ScoringKey.Of(model, plan) != key) throw new BadInputException($"'{reader.FileName}' was changed while it was scored; run the same command again when it stays as it is.");
        output?.Complete();
        ledger.Remove();
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        return new ScoringResult(all.Rows, all.Sum / all.Finite, all.Rows - all.Finite, (all.Rows - before) / seconds, seconds, all.LeastLikely) { Warning = warning, ScoredBefore = before };
    }

    private void Skip(TableReader reader, long rows, CancellationToken cancellation)
    {
        var values = new double[ChunkRows * _width];
        while (reader.RowsRead < rows) reader.Read(values, cancellation);
    }

    private void Score(TableReader reader, ScoringLedger ledger, ScoreOutput? output, CancellationToken cancellation)
    {
        var pending = new Queue<(Task<Densities> Scores, double[] Values)>();
        var part = new ScoredPart(reader.RowsRead, _latent);
        while (Read(reader, cancellation) is { Length: > 0 } values)
        {
            pending.Enqueue((lanes.LogDensity(new Block<double>(values), plan.Latent), values));
            if (pending.Count > lanes.Depth) Finish();
        }

        while (pending.Count > 0) Finish();
        Add(part, output);

        void Finish()
        {
            var (scores, values) = pending.Dequeue();
            part.Add(scores.WaitAsync(cancellation).GetAwaiter().GetResult(), values); // this is a thread of its own: it may wait
            Telemetry.ScoredRows.Add(values.Length / _width);
            progress.Report(new(part.First + part.Rows, reader.BytesRead, reader.Fraction));
            if (!part.IsFull) return;
            ledger.Keep(part);
            Add(part, output);
            part = new ScoredPart(part.First + part.Rows, _latent);
        }
    }

    private void Add(ScoredPart part, ScoreOutput? output)
    {
        if (part.Rows == 0) return;
        output?.Add(part);
        _tally.Add(part.Totals);
    }

    private double[] Read(TableReader reader, CancellationToken cancellation)
    {
        var (values, before, rows) = (new double[ChunkRows * _width], reader.RowsRead, 0);
        for (int read; rows < ChunkRows && (read = reader.Read(values.AsSpan(rows * _width), cancellation)) > 0;) rows += read; // it may stop short where a file ends
        if (rows < ChunkRows) Array.Resize(ref values, rows * _width);
        if (plan.Missing == MissingRows.Refuse) RequireFinite(reader, values, before);
        return values;
    }

    private void RequireFinite(TableReader reader, double[] values, long before)
    {
        if (Array.FindIndex(values, value => !double.IsFinite(value)) is var at && at < 0) return;
        var (row, column) = (before + at / _width, reader.Columns[reader.Selected[at % _width]]);
        throw new BadInputException(
            $"'{reader.FileName}' {reader.Where(row + 1)}, which is row {row} of the scores, is missing or not finite in column '{column}'; mend it, or score such rows as NaN with --missing drop.");
    }
}
