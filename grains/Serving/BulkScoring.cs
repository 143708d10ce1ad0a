using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Serving;

/// <summary>Scores a file from the first row read to the last written, in order: one thread reads and writes, the device slots compute.</summary>
internal sealed class BulkScoring(ModelEngine engine, ScoringPlan plan, IProgress<ReadingProgress> progress, TimeProvider clock)
{
    private const int ChunkRows = 16_384;
    private const int LeastLikelyRows = 10;

    private readonly PriorityQueue<ScoredRow, (double, long)> _leastLikely = new();
    private long _rows;
    private long _finite;
    private double _sum;

    /// <summary>Does it. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The file or the output cannot be used; nothing was written.</exception>
    /// <exception cref="DiskFullException">There is no room for the scores; nothing was written.</exception>
    internal ScoringResult Run(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var flow = engine.Model.Flow;
        using var reader = TableReader.Open(plan.Data);
        var warning = ModelColumns.Select(reader, engine.Encoder.Table);
        using var table = plan.Output is null ? null : TableFile.Create(plan.Output, ScoreTable.Columns(latent: plan.Latent ? flow.Columns.Length : 0));
        Score(reader, table, cancellation);
        if (_rows == 0) throw new BadInputException($"'{reader.FileName}' has no rows to score; name a file with at least one.");
        table?.Complete();
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        return new ScoringResult(_rows, _sum / _finite, _rows - _finite, _rows / seconds, seconds, LeastLikely()) { Warning = warning };
    }

    private void Score(TableReader reader, ITableWriter? table, CancellationToken cancellation)
    {
        var pending = new Queue<(Task<Densities> Scores, double[] Values)>();
        while (ReadChunk(reader, cancellation) is { Length: > 0 } values)
        {
            pending.Enqueue((engine.Run(flow => Compute(flow, values)), values));
            if (pending.Count > 2 * engine.Parallelism) Finish(pending.Dequeue(), table, reader);
        }

        while (pending.TryDequeue(out var last)) Finish(last, table, reader);
    }

    private double[] ReadChunk(TableReader reader, CancellationToken cancellation)
    {
        var before = reader.RowsRead;
        var values = new double[ChunkRows * engine.Width];
        var rows = reader.Read(values, cancellation);
        if (rows < ChunkRows) Array.Resize(ref values, rows * engine.Width);
        if (plan.Missing == MissingRows.Refuse) RequireFinite(reader, values, before);
        return values;
    }

    private void RequireFinite(TableReader reader, double[] values, long before)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i])) continue;
            var column = reader.Columns[reader.Selected[i % engine.Width]];
            throw new BadInputException(
                $"'{reader.FileName}' {reader.Where(before + i / engine.Width + 1)}, column '{column}' is missing or not finite; mend it, or score such rows as NaN with --missing drop.");
        }
    }

    private Densities Compute(IFlowEngine flow, double[] values)
    {
        return TableScoring.Score(flow, engine.Encoder, values, plan.Latent);
    }

    private void Finish((Task<Densities> Scores, double[] Values) chunk, ITableWriter? table, TableReader reader)
    {
        var densities = chunk.Scores.GetAwaiter().GetResult(); // this is a thread of its own: it may wait
        var scores = densities.LogDensity.Span;
        table?.Write(ScoreTable.Rows(_rows, scores, densities.Latent is { } latent ? latent.Span : []));
        for (var row = 0; row < scores.Length; row++) Count(_rows + row, scores[row], chunk.Values.AsSpan(row * engine.Width));
        _rows += scores.Length;
        progress.Report(new(_rows, reader.BytesRead, reader.Fraction));
        Telemetry.ScoredRows.Add(scores.Length);
    }

    private void Count(long row, float score, ReadOnlySpan<double> values)
    {
        if (!float.IsFinite(score)) return;
        _finite++;
        _sum += score;
        if (_leastLikely.Count == LeastLikelyRows && score >= _leastLikely.Peek().LogProb) return;
        var scored = new ScoredRow(row, score, [.. values[..engine.Width]]);
        _leastLikely.Enqueue(scored, (-score, -row)); // the most likely of the ten leaves first
        if (_leastLikely.Count > LeastLikelyRows) _leastLikely.Dequeue();
    }

    private ImmutableArray<ScoredRow> LeastLikely() =>
        [.. _leastLikely.UnorderedItems.Select(item => item.Element).OrderBy(row => row.LogProb).ThenBy(row => row.Row)];
}
