using System.Collections.Immutable;
using FlowGrain.Data;

namespace FlowGrain.Serving;

/// <summary>What stands beside the scores of a job: <c>row, log_prob, z0, …</c>, and then the columns that are carried through.</summary>
/// <param name="Score">What the scores are called.</param>
/// <param name="Latent">How many latent columns; 0 for none.</param>
/// <param name="Carried">The carried columns.</param>
internal sealed record ScoreShape(string Score, int Latent, ImmutableArray<WrittenColumn> Carried)
{
    /// <summary>What scores are called: log-densities, and estimates of log P(bin).</summary>
    internal const string LogProb = "log_prob", BinEstimate = "log_prob_bin_estimate";

    /// <summary>Rows of every part but the last: as many as a parquet file has in a row group, fewer of very wide latents, which are held in memory. It decides where a sum is cut, so it is the same everywhere.</summary>
    internal int PartRows { get; } = ParquetTable.RowsOfGroup(2 + Latent);

    /// <summary>The columns of the output.</summary>
    internal ImmutableArray<WrittenColumn> Columns => [.. Own(Score, Latent), .. Carried];

    /// <summary>Chooses the columns of a plan in the file, and says what the output has.</summary>
    /// <exception cref="BadInputException">A column cannot be carried.</exception>
    internal static ScoreShape Of(TableReader reader, ScoringPlan plan, int dimension)
    {
        var latent = plan.Latent ? dimension : 0;
        var score = plan.DequantiseDraws is null ? LogProb : BinEstimate;
        CarriedColumns.Select(reader, plan.Carry, Own(score, latent).Select(column => column.Name));
        return new ScoreShape(score, latent, [.. reader.Carried.Select(column => new WrittenColumn(reader.Columns[column], Carried: reader.TypeOf(column)))]);
    }

    private static IEnumerable<WrittenColumn> Own(string score, int latent) =>
        [new("row", IsWhole: true), new(score, IsSingle: true), .. Enumerable.Range(0, latent).Select(column => new WrittenColumn($"z{column}", IsSingle: true))];
}
