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
    private const int ChunkRows = ScoredRows.ChunkRows; // a full part holds a whole number of them

    private readonly TableSpec _columns = model.Flow.TableOrNumbers();
    private readonly int _width = model.Flow.TableOrNumbers().Width;
    private readonly RowEncoder _encoder = new(model.Flow.TableOrNumbers());
    private readonly BinEstimate? _bins = BinEstimate.Of(model.Name, model.Flow.TableOrNumbers(), plan.DequantiseDraws, "--dequantise-draws");
    private readonly ScoringTally _tally = new();

    /// <summary>Does it. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The file or the output cannot be used; no output was written.</exception>
    /// <exception cref="DiskFullException">There is no room for the scores; no output was written.</exception>
    internal ScoringResult Run(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        if (_bins is not null && plan.Latent) throw new BadInputException("--latent asks where a row lies in the base, and with --dequantise-draws its bin lies in many places; leave one of them out.");
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
        return new ScoringResult(all.Rows, all.Sum / all.Finite, all.Rows - all.Finite, (all.Rows - before) / seconds, seconds, all.LeastLikely) { ScoredBefore = before, Estimate = _bins?.Words };
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
        foreach (var chunk in new ScoredRows(reader, _encoder, plan.Missing, lanes, plan.Latent, _bins).All(cancellation))
        {
            part.Add(chunk.Scores, chunk.Values, chunk.Cells.AsSpan());
            progress.Report(new(part.First + part.Rows, reader.BytesRead, reader.Fraction));
            Telemetry.ScoreProgress.Set(reader.Fraction, model.Name);
            if (!part.IsFull) continue;
            ledger.Keep(part);
            Add(part, output);
            part = part.Next();
        }

        Add(part, output);
    }

    private void Add(ScoredPart part, ScoreOutput? output)
    {
        if (part.Rows == 0) return;
        output?.Add(part);
        _tally.Add(part.Totals);
    }
}
