using System.Collections.Immutable;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <summary>Looks for the anomalies of a file, from the first row read to the last written, in order: one thread reads and writes, slots compute.</summary>
internal sealed class Detection(ScoringLanes lanes, ModelEngine engine, DetectionPlan plan, IProgress<ReadingProgress> progress, TimeProvider clock)
{
    private const int ShownRows = 10;
    private const int MostExplained = 100;
    private const int CallRows = 1 << 14;

    private static readonly ImmutableArray<WrittenColumn> Columns =
        [new("row", IsWhole: true), new("log_prob", IsSingle: true), new("score", IsSingle: true), new("p_value"), new("flagged", IsWhole: true, IsOptional: true)];

    private readonly DetectionTally _tally = new(Math.Max(ShownRows, plan.Explain));
    private readonly Ranking _ranking = new();

    /// <summary>Does it. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">A file, the labels, the rate or the output cannot be used; no output was written.</exception>
    /// <exception cref="DiskFullException">There is no room for the output; none was written.</exception>
    internal DetectionResult Run(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        if (plan.Explain is < 0 or > MostExplained) throw new BadInputException($"{plan.Explain} rows are to be explained; a job explains 0 to {MostExplained}.");
        var rule = AnomalyRule.Of(Reference(cancellation), plan.Score, plan.Rate, plan.Threshold);
        using var reader = TableReader.Open(plan.Data);
        var warning = ModelColumns.Select(reader, engine.Encoder.Table);
        using var labels = plan.Label is { } label ? Labels.Of(reader, label, engine.Encoder.Table) : null;
        using var output = plan.Output is { } path ? TableFile.Create(path, Columns) : null;
        foreach (var chunk in new ScoredRows(reader, engine.Encoder, plan.Missing, lanes, rule.NeedsLatent).All(cancellation))
        {
            Judge(chunk, rule, labels, output, cancellation);
            progress.Report(new(_tally.Rows, reader.BytesRead, reader.Fraction));
        }

        labels?.RequireEnd(cancellation);
        if (_tally.Rows == 0) throw new BadInputException($"'{reader.FileName}' has no rows to judge; name a file with at least one.");
        var (top, ranking) = (Explained(cancellation), _ranking.Report());
        output?.Complete();
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        return new DetectionResult(_tally.Rows, _tally.Flagged, rule.Threshold, rule.ReferenceRate, rule.ReferenceRows, _tally.Unscored, _tally.Rows / seconds, seconds, top)
        {
            Ranking = ranking,
            Warning = Joined(warning, ranking is null ? OneLabel(reader.FileName) : null),
        };
    }

    private Reference Reference(CancellationToken cancellation) => plan.Reference is { } data
        ? FileReference.Read(data, plan.Missing, engine, cancellation)
        : engine.Model.NeedReference();

    private void Judge(ScoredChunk chunk, AnomalyRule rule, Labels? labels, ITableWriter? output, CancellationToken cancellation)
    {
        var (first, verdicts) = (_tally.Rows, rule.Judge(chunk.Scores, engine.Model.Flow.Shape().Circles));
        if (labels?.Next(chunk, first, cancellation) is { } known)
            for (var row = 0; row < known.Length; row++) _ranking.Add(verdicts[row].Score, known[row]);
        for (var row = 0; row < verdicts.Length; row++) _tally.Add(verdicts[row], chunk.Values.AsSpan(row * engine.Width, engine.Width));
        output?.Write(Table(verdicts, first));
    }

    private static double[] Table(Verdict[] verdicts, long first)
    {
        var rows = new double[verdicts.Length * Columns.Length];
        for (var row = 0; row < verdicts.Length; row++)
        {
            var verdict = verdicts[row];
            var line = rows.AsSpan(row * Columns.Length, Columns.Length);
            (line[0], line[1], line[2], line[3], line[4]) = (first + row, verdict.LogDensity, verdict.Score, verdict.PValue, verdict.IsFlagged switch { null => double.NaN, true => 1, false => 0 });
        }

        return rows;
    }

    private ImmutableArray<DetectedRow> Explained(CancellationToken cancellation)
    {
        var explanation = new Explanation(engine, rows => lanes.LogDensity(rows, latent: false), CallRows);
        return [.. _tally.Top.Select((row, rank) => rank < plan.Explain ? row with { Columns = Shares(explanation, row, cancellation) } : row)];
    }

    private static ImmutableArray<ColumnShare> Shares(Explanation explanation, DetectedRow row, CancellationToken cancellation)
    {
        var shares = explanation.Of(row.Values.AsMemory(), (float)row.LogProb).WaitAsync(cancellation).GetAwaiter().GetResult(); // this is a thread of its own: it may wait
        return [.. shares.OrderByDescending(share => double.IsNaN(share.Surprise) ? double.NegativeInfinity : share.Surprise)];
    }

    private string? OneLabel(string file) => plan.Label is { } label
        ? $"All scored rows of '{file}' have the same '{label}', so that nothing can be said of how they rank."
        : null;

    private static string? Joined(params string?[] sentences) => string.Join(' ', sentences.OfType<string>()) is { Length: > 0 } text ? text : null;
}
