using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>
/// Scores a file from the first row read to the last written, in order: one thread reads and writes, slots compute. Full parts are
/// kept until the output is whole, so that whoever asks again after an interruption goes on behind the last of them.
/// </summary>
internal sealed class BulkScoring(ScoringLanes lanes, StoredModel model, ScoringPlan plan, StorageOptions storage, IProgress<ReadingProgress> progress, TimeProvider clock)
{
    private const int ChunkRows = 1 << 14; // of a call to a slot; a full part holds a whole number of them

    private readonly TableSpec _columns = model.Flow.TableOrNumbers();
    private readonly int _width = model.Flow.TableOrNumbers().Width;
    private readonly RowEncoder _encoder = new(model.Flow.TableOrNumbers());
    private readonly ScoringTally _tally = new();

    /// <summary>Does it. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The file or the output cannot be used; no output was written.</exception>
    /// <exception cref="DiskFullException">There is no room for the scores; no output was written.</exception>
    internal ScoringResult Run(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        using var reader = TableReader.Open(plan.Data);
        var warning = ModelColumns.Select(reader, _columns);
        var shape = ScoreShape.Of(reader, plan, model.Flow.Columns.Length);
        var key = ScoringKey.Of(model, plan);
        using var output = plan.Output is null ? null : ScoreOutput.Begin(plan.Output, shape, clock);
        var ledger = ScoringLedger.Open(storage.Scorings, key, clock);
        foreach (var part in ledger.Done(shape)) Add(part, output);
        var before = _tally.Totals.Rows;
        Skip(reader, before, cancellation);
        Score(reader, new ScoredPart(before, shape), ledger, output, cancellation);
        if (_tally.Totals.Rows == 0) throw new BadInputException($"'{reader.FileName}' has no rows to score; name a file with at least one.");
        if (ScoringKey.Of(model, plan) != key) throw new BadInputException($"'{reader.FileName}' was changed while it was scored; run the same command again when it stays as it is.");
        output?.Complete();
        ledger.Remove();
        return Result(before, clock.GetElapsedTime(started).TotalSeconds) with { Warning = warning };
    }

    private ScoringResult Result(long before, double seconds)
    {
        var all = _tally.Totals;
        return new ScoringResult(all.Rows, all.Sum / all.Finite, all.Rows - all.Finite, (all.Rows - before) / seconds, seconds, all.LeastLikely) { ScoredBefore = before };
    }

    private void Skip(TableReader reader, long rows, CancellationToken cancellation)
    {
        var values = new double[ChunkRows * _width];
        while (reader.RowsRead < rows)
        {
            reader.Cells = CarriedColumns.Room(reader.Carried.Length);
            var count = (int)Math.Min(ChunkRows, rows - reader.RowsRead); // a reader may stop short where a file ends
            if (reader.Read(values.AsSpan(0, count * _width), cancellation) == 0)
                throw new BadInputException($"'{reader.FileName}' ends before row {rows}, up to which it was scored before; it was changed: delete what was written of its scores, and score it anew.");
        }
    }

    private void Score(TableReader reader, ScoredPart part, ScoringLedger ledger, ScoreOutput? output, CancellationToken cancellation)
    {
        var pending = new Queue<Chunk>();
        while (Read(reader, cancellation) is { Length: > 0 } values)
        {
            pending.Enqueue(new(lanes.LogDensity(new Block<double>(values), plan.Latent), values, reader.Cells));
            if (pending.Count > lanes.Depth) Finish(pending.Dequeue());
        }

        while (pending.TryDequeue(out var last)) Finish(last);
        Add(part, output);

        void Finish(Chunk chunk)
        {
            cancellation.ThrowIfCancellationRequested();
            part.Add(chunk.Scores.WaitAsync(cancellation).GetAwaiter().GetResult(), chunk.Values, chunk.Cells.AsSpan()); // this is a thread of its own: it may wait
            Telemetry.ScoredRows.Add(chunk.Values.Length / _width);
            progress.Report(new(part.First + part.Rows, reader.BytesRead, reader.Fraction));
            if (!part.IsFull) return;
            ledger.Keep(part);
            Add(part, output);
            part = part.Next();
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
        reader.Cells = CarriedColumns.Room(reader.Carried.Length);
        var (values, before, rows) = (new double[ChunkRows * _width], reader.RowsRead, 0);
        for (int read; rows < ChunkRows && (read = reader.Read(values.AsSpan(rows * _width), cancellation)) > 0;) rows += read; // it may stop short where a file ends
        if (rows < ChunkRows) Array.Resize(ref values, rows * _width);
        if (plan.Missing == MissingRows.Refuse) RequireFinite(reader, values, before);
        return values;
    }

    private void RequireFinite(TableReader reader, double[] values, long before)
    {
        var at = Array.FindIndex(values, value => !double.IsFinite(value));
        while (at >= 0 && double.IsNaN(values[at]) && _encoder.MayMiss(at % _width)) at = Array.FindIndex(values, at + 1, value => !double.IsFinite(value));
        if (at < 0) return;
        var (row, column) = (before + at / _width, reader.Columns[reader.Selected[at % _width]]);
        var what = reader.UnknownLevel(at % _width) ?? "is missing or not finite";
        throw new BadInputException(
            $"'{reader.FileName}' {reader.Where(row + 1)}, which is row {row} of the scores: column '{column}' {what}; mend it, or score such rows as NaN with --missing drop.");
    }

    /// <summary>Rows that are computed, or wait for it.</summary>
    private readonly record struct Chunk(Task<Densities> Scores, double[] Values, ImmutableArray<TextCells> Cells);
}
