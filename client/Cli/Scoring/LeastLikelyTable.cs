using System.Collections.Immutable;
using FlowGrain.Cli.Output;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Scoring;

/// <summary>Rows that the model finds least likely. The further back a column stands, the sooner it leaves a narrow screen.</summary>
internal static class LeastLikelyTable
{
    internal static TextTable Of(ModelDescription model, ImmutableArray<ScoredRow> rows)
    {
        string[] columns = [.. model.Columns, .. model.Context];
        var table = new TextTable(
            [TextColumn.Number("row"), TextColumn.Number("log-density"), .. columns.Select((column, i) => TextColumn.Number(column, leaves: columns.Length - i, least: 10))]);
        foreach (var row in rows)
            table.Add([Figures.Count(row.Row), double.IsFinite(row.LogProb) ? Figures.Nats(row.LogProb) : "-∞", .. row.Values.Select((value, i) => ColumnValue.Of(model, columns[i], value))]);
        return table;
    }
}
