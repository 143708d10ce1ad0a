using FlowGrain.Cli.Output;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Scoring;

/// <summary>Rows that the model finds least likely. The further back a column stands, the sooner it leaves a narrow screen.</summary>
internal static class LeastLikelyTable
{
    internal static TextTable Of(ModelDescription model, ScoringResult result)
    {
        string[] columns = [.. model.Columns, .. model.Context];
        var table = new TextTable(
            [TextColumn.Number("row"), TextColumn.Number(result.Estimate is null ? "log-density" : "estimate"), .. columns.Select((column, i) => TextColumn.Number(column, leaves: columns.Length - i, least: 10))]);
        foreach (var row in result.LeastLikely)
            table.Add([Figures.Count(row.Row), double.IsFinite(row.LogProb) ? Figures.Nats(row.LogProb) : "-∞", .. row.Values.Select((value, i) => ColumnValue.Of(model, columns[i], value))]);
        return table;
    }
}
