using System.Globalization;

namespace FlowGrain.Training;

/// <summary>One round in the record of a run: a line of rounds.csv.</summary>
/// <param name="Step">Rounds made with it, from 1.</param>
/// <param name="Epoch">The pass that it belongs to, from 1.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="RowHash">The sum of the hashes of their numbers in the data set.</param>
/// <param name="Loss">Mean −log p, nats a row.</param>
/// <param name="Weights">Hash of the weights after it; see <see cref="WeightsHash"/>.</param>
/// <param name="Shards">Shards whose sums it is made of.</param>
/// <param name="Attempts">Leases handed out for them; more than shards where a worker was late or lost.</param>
/// <param name="Rejects">Submits that the ranges refused meanwhile: late, twice, damaged.</param>
/// <param name="Workers">Workers that computed its shards.</param>
internal sealed record RoundLine(long Step, long Epoch, long Rows, ulong RowHash, double Loss, ulong Weights, int Shards, long Attempts, long Rejects, int Workers)
{
    /// <summary>The columns.</summary>
    internal const string Header = "step,epoch,rows,row_hash,loss,weights,shards,attempts,rejects,workers";

    /// <summary>The line, without its end.</summary>
    internal string Text => string.Create(
        CultureInfo.InvariantCulture, $"{Step},{Epoch},{Rows},{RowHash:x16},{Loss:R},{Weights:x16},{Shards},{Attempts},{Rejects},{Workers}");

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    internal static RoundLine Parse(string line)
    {
        var cells = line.Split(',');
        if (cells.Length != Header.Count(letter => letter == ',') + 1) throw new FormatException($"'{line}' is not a round.");
        return new RoundLine(Whole(cells[0]), Whole(cells[1]), Whole(cells[2]), Hash(cells[3]), Number(cells[4]), Hash(cells[5]), (int)Whole(cells[6]), Whole(cells[7]), Whole(cells[8]), (int)Whole(cells[9]));
    }

    private static long Whole(string cell) => long.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static ulong Hash(string cell) => ulong.Parse(cell, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static double Number(string cell) => double.Parse(cell, NumberStyles.Float, CultureInfo.InvariantCulture);
}
