using System.Globalization;

namespace FlowGrain.Training;

/// <summary>One epoch in the record of a run: a line of epochs.csv, which proves that every training row counted once.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Rows">Rows that its rounds counted.</param>
/// <param name="Hash">The sum of the hashes of their numbers.</param>
/// <param name="Complete">Whether they are the training rows, each of them once; the last epoch of a run may have been left in the middle.</param>
internal sealed record PassLine(long Epoch, long Rows, ulong Hash, bool Complete)
{
    /// <summary>The columns.</summary>
    internal const string Header = "epoch,rows,hash,complete";

    /// <summary>The line, without its end.</summary>
    internal string Text => string.Create(CultureInfo.InvariantCulture, $"{Epoch},{Rows},{Hash:x16},{(Complete ? "true" : "false")}");

    /// <summary>What rounds come to, epoch by epoch.</summary>
    /// <param name="rounds">All rounds of a run, in order.</param>
    /// <param name="whole">What a complete epoch comes to.</param>
    internal static IEnumerable<PassLine> Of(IEnumerable<RoundLine> rounds, PassLedger whole)
    {
        var (epoch, ledger) = (1L, PassLedger.Empty);
        foreach (var round in rounds)
        {
            if (round.Epoch != epoch) yield return new PassLine(epoch, ledger.Rows, ledger.RowHash, ledger == whole);
            ledger = (round.Epoch == epoch ? ledger : PassLedger.Empty).With(round.Rows, round.RowHash);
            epoch = round.Epoch;
        }

        if (ledger.Rows > 0) yield return new PassLine(epoch, ledger.Rows, ledger.RowHash, ledger == whole);
    }
}
