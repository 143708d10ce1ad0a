using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>The rows of a file with their log-densities, in order: who asks reads ahead while slots compute.</summary>
/// <param name="reader">The file, the columns of the model selected.</param>
/// <param name="encoder">The columns of the model.</param>
/// <param name="missing">What to do with rows that have a missing value: refuse, or score NaN (Drop).</param>
/// <param name="lanes">Compute.</param>
/// <param name="latent">Whether <c>z</c> is asked for.</param>
/// <param name="bins">Estimates the probability of the rows' bins in the place of their log-density; null where that is asked for.</param>
internal sealed class ScoredRows(TableReader reader, RowEncoder encoder, MissingRows missing, ScoringLanes lanes, bool latent, BinEstimate? bins = null)
{
    /// <summary>Rows of a call to a slot, at most.</summary>
    internal const int ChunkRows = 1 << 14;

    private readonly int _chunkRows = bins?.RowsOf(ChunkRows) ?? ChunkRows; // of every chunk but the last

    /// <summary>All that are left, in chunks. Blocks: call it on a thread of its own.</summary>
    /// <exception cref="BadInputException">The file cannot be used.</exception>
    internal IEnumerable<ScoredChunk> All(CancellationToken cancellation)
    {
        var pending = new Queue<Asked>();
        while (Read(cancellation) is { Length: > 0 } values)
        {
            pending.Enqueue(new(lanes.LogDensity(bins?.Draws(values) ?? new Block<double>(values), latent), values, reader.Cells));
            if (pending.Count > lanes.Depth) yield return Finished(pending.Dequeue(), cancellation);
        }

        while (pending.TryDequeue(out var last)) yield return Finished(last, cancellation);
    }

    private ScoredChunk Finished(Asked asked, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var scores = asked.Scores.WaitAsync(cancellation).GetAwaiter().GetResult(); // this is a thread of its own: it may wait
        if (bins is not null) scores = bins.LogProb(asked.Values, scores);
        Telemetry.ScoredRows.Add(scores.LogDensity.Length);
        return new ScoredChunk(scores, asked.Values, asked.Cells);
    }

    private double[] Read(CancellationToken cancellation)
    {
        reader.Cells = CarriedColumns.Room(reader.Carried.Length);
        var (values, before, rows) = (new double[_chunkRows * encoder.Width], reader.RowsRead, 0);
        for (int read; rows < _chunkRows && (read = reader.Read(values.AsSpan(rows * encoder.Width), cancellation)) > 0;) rows += read; // it may stop short where a file ends
        if (rows < _chunkRows) Array.Resize(ref values, rows * encoder.Width);
        if (missing == MissingRows.Refuse) RequireFinite(values, before);
        return values;
    }

    private void RequireFinite(double[] values, long before)
    {
        var at = Array.FindIndex(values, value => !double.IsFinite(value));
        while (at >= 0 && double.IsNaN(values[at]) && encoder.MayMiss(at % encoder.Width)) at = Array.FindIndex(values, at + 1, value => !double.IsFinite(value));
        if (at < 0) return;
        var (row, column) = (before + at / encoder.Width, reader.Columns[reader.Selected[at % encoder.Width]]);
        var what = reader.UnknownLevel(at % encoder.Width) ?? "is missing or not finite";
        throw new BadInputException(
            $"'{reader.FileName}' {reader.Where(row + 1)}, which is row {row} of the scores: column '{column}' {what}; mend it, or score such rows as NaN with --missing drop.");
    }

    /// <summary>Rows that are computed, or wait for it.</summary>
    private readonly record struct Asked(Task<Densities> Scores, double[] Values, ImmutableArray<TextCells> Cells);
}

/// <summary>Consecutive rows of a file and what they score.</summary>
/// <param name="Scores">Their log-densities.</param>
/// <param name="Values">Their numbers <c>[B, W]</c>.</param>
/// <param name="Cells">Their cells of the columns that are carried.</param>
internal readonly record struct ScoredChunk(Densities Scores, double[] Values, ImmutableArray<TextCells> Cells)
{
    /// <summary>How many they are.</summary>
    internal int Rows => Scores.LogDensity.Length;
}
