using System.Collections.Immutable;
using FlowGrain.Cli.Output;
using FlowGrain.Serving;
using Spectre.Console;

namespace FlowGrain.Cli.Scoring;

/// <summary>Rows that the model finds least likely.</summary>
internal static class LeastLikelyTable
{
    internal static Table Of(ModelDescription model, ImmutableArray<ScoredRow> rows)
    {
        var table = Tables.New([("row", true), ("log-density", true), .. model.Columns.Select(column => (column, true))]);
        foreach (var row in rows)
            table.Add([Figures.Count(row.Row), Figures.Nats(row.LogProb), .. row.Values.Select(value => Figures.Value(value))]);
        return table;
    }
}
