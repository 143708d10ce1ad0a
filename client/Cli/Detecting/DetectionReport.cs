using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Detecting;

/// <summary>What a person reads of a search for anomalies.</summary>
internal sealed class DetectionReport(Invocation cli, ModelDescription model, DetectionPlan plan, DetectionResult result)
{
    private const int ShownRows = 10;

    internal void Print()
    {
        cli.PrintWords($"{Figures.Count(result.Flagged)} of {Figures.Of(result.Rows, "row")} flagged by {model.Name}@{model.Version}: their score {ScoreKind.Words(plan.Score)} is above {Figures.Nats(result.Threshold)}, as that of {Share(result.ReferenceRate)} of {Figures.Of(result.ReferenceRows, "usual row")} is; {Figures.Rate(result.RowsPerSecond)}");
        if (result.Unscored > 0) cli.PrintWords($"{Figures.Of(result.Unscored, "row")} without a score, since a value is missing or not finite: neither flagged nor not");
        if (result.Ranking is { } ranking)
            cli.PrintWords($"AUROC {Figures.Nats(ranking.Auroc)}, average precision {Figures.Nats(ranking.AveragePrecision)} over {Figures.Count(ranking.Anomalies)} anomalies and {Figures.Of(ranking.Normals, "other row")}");
        if (plan.Output is { } output) cli.Print(output);
        cli.Print("");
        cli.Print("Most anomalous rows (counted from 0):");
        cli.Print(Rows());
        foreach (var row in result.Top.Where(row => !row.Columns.IsEmpty)) Explain(row);
    }

    /// <summary>The rows. The further back a column stands, the sooner it leaves a narrow screen.</summary>
    private TextTable Rows()
    {
        string[] columns = [.. model.Columns, .. model.Context];
        var table = new TextTable(
            [TextColumn.Number("row"), TextColumn.Number("score"), TextColumn.Number("p"), .. columns.Select((column, i) => TextColumn.Number(column, leaves: columns.Length - i, least: 10))]);
        foreach (var row in result.Top.Take(ShownRows))
            table.Add([Figures.Count(row.Row), Nats(row.Score), Figures.Value(row.PValue), .. row.Values.Select((value, i) => ColumnValue.Of(model, columns[i], value))]);
        return table;
    }

    private void Explain(DetectedRow row)
    {
        cli.Print("");
        cli.PrintWords($"Why row {Figures.Count(row.Row)}: the log-density of each value given all other columns, in nats; the most surprising first");
        var table = new TextTable(TextColumn.Text("column"), TextColumn.Number("value"), TextColumn.Number("log-density"), TextColumn.Number("±"), TextColumn.Number("surprise"), TextColumn.Number("usually from"), TextColumn.Number("to"));
        foreach (var share in row.Columns)
            table.Add(share.Column, Value(row, share.Column), Nats(share.LogProb), Nats(share.Error), Nats(share.Surprise), End(share.Column, share.Low), End(share.Column, share.High));
        cli.Print(table);
    }

    private string Value(DetectedRow row, string column) => ColumnValue.Of(model, column, row.Values[model.Columns.IndexOf(column)]);

    private string End(string column, double value) => double.IsNaN(value) ? "–" : ColumnValue.Of(model, column, model.Dates.Contains(column) ? Math.Floor(value) : value);

    private static string Nats(double value) => double.IsInfinity(value) ? value > 0 ? "∞" : "-∞" : Figures.Nats(value);

    private static string Share(double share) => share.ToString("0.###%", System.Globalization.CultureInfo.InvariantCulture);
}
