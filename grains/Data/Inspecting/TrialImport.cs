using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>What an import of a selection would come to.</summary>
/// <param name="Refused">Why it would be refused; empty when it would not.</param>
/// <param name="LeftOut">Rows that it would leave out.</param>
internal sealed record TrialImport(ImmutableArray<string> Refused, long LeftOut)
{
    /// <summary>Reads all of it, and writes nothing.</summary>
    internal static TrialImport Of(DataSelection selection, CancellationToken cancellation)
    {
        using var reader = TableReader.Open(selection.Path, selection.Where);
        var choice = ColumnChoice.Of(reader, selection);
        var rows = CompleteRows.Of(reader, choice, selection.Missing);
        try
        {
            using var ahead = new ReadAhead(reader, cancellation);
            foreach (var batch in ahead.Batches()) rows.Add(batch.Rows, batch.First);
            choice.RequireLevels(reader);
            return new TrialImport([.. Screening.Of(rows, choice).Faults()], rows.Dropped);
        }
        catch (BadInputException refused)
        {
            return new TrialImport([refused.Message], LeftOut: 0);
        }
    }
}
