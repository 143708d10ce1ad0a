using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>The probability of bins, asked of whatever computes log-densities: the draws of a row are rows as others are, so that batches, silos and bits are those of any row.</summary>
/// <param name="table">The model's.</param>
/// <param name="draws">Draws of a row.</param>
internal sealed class BinEstimate(TableSpec table, int draws)
{
    private readonly Bins _bins = new(table);

    /// <summary>What the numbers are.</summary>
    internal string Words => $"log P(bin), estimated by the mean density of {draws} {(draws == 1 ? "draw" : "draws")} a row";

    /// <summary>That of a request; null where it asks for none.</summary>
    /// <param name="model">The model's name.</param>
    /// <param name="table">Its table.</param>
    /// <param name="draws">Draws that are asked for.</param>
    /// <param name="option">What asks for them.</param>
    /// <exception cref="BadInputException">So many draws cannot be, or the model has no bins.</exception>
    internal static BinEstimate? Of(string model, TableSpec table, int? draws, string option)
    {
        if (draws is not { } asked) return null;
        if (asked is < 1 or > Bins.MostDraws) throw new BadInputException($"{option} is {asked}; it must be from 1 to {Bins.MostDraws}.");
        return new Bins(table).Any ? new(table, asked) : throw new BadInputException($"{option} asks for the probability of bins, and '{model}' has none: no column that it learned is whole, or of steps; leave it out for log-densities.");
    }

    /// <summary>The draws of rows <c>[B, W]</c>, <c>[B · K, W]</c>.</summary>
    internal Block<double> Draws(ReadOnlySpan<double> rows) => new(_bins.Draws(rows, draws));

    /// <summary>The estimates of rows from the log-densities of their draws.</summary>
    internal Densities LogProb(ReadOnlySpan<double> rows, Densities drawn) => new(new Block<float>(_bins.LogProb(rows, drawn.LogDensity.Span, draws)), Latent: null);

    /// <summary>How many rows have as many draws as so many rows; a power of two where that is one.</summary>
    internal int RowsOf(int rows) => Math.Max(1, rows / (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)draws));

    /// <summary>Draws of so many rows.</summary>
    internal long DrawsOf(long rows) => rows * draws;
}
