using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Serving;

/// <summary>The pictures of a model's page: characters in a code block, which every reader of Markdown shows.</summary>
internal static class CardPictures
{
    private const int CurveWidth = 40; // as wide as the histograms
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    internal static string Of(RunRecord record, TableSpec table, string lossUnit) =>
        string.Join('\n', ["```text", .. Losses(record, lossUnit), .. record.Columns.Zip(record.Ranges).SelectMany(pair => Column(pair.First, pair.Second, table)), "```", "", .. Legend(record)]).TrimEnd();

    private static IEnumerable<string> Losses(RunRecord record, string unit)
    {
        yield return string.Create(Culture, $"loss over {record.Result.Steps:N0} steps, {unit}");
        yield return Curve("training", record.Losses.Select(point => point.TrainNats));
        var validations = record.Losses.Select(point => point.ValidationNats).OfType<double>().ToArray();
        if (validations.Length > 0) yield return Curve("validation", validations);
    }

    private static string Curve(string name, IEnumerable<double> values)
    {
        double[] losses = [.. values.Where(double.IsFinite)];
        return losses.Length == 0 ? $"  {name,-13} (none)" : string.Create(Culture, $"  {name,-13} {Sparkline.Draw(losses, CurveWidth)}  {losses[0]:F3} to {losses[^1]:F3}");
    }

    private static IEnumerable<string> Column(ColumnPortrait column, ColumnRange range, TableSpec table)
    {
        var spec = table.Columns.FirstOrDefault(one => one.Name == column.Name);
        double top = Math.Max(column.Rows.Max(), column.Samples.Max()); // of both, so that equal heights mean equal shares
        return
        [
            "",
            $"{column.Name.ReplaceLineEndings(" ")}, {End(range.Low, spec)} to {End(range.High, spec)}",
            $"  {"training rows",-13} {Sparkline.Bars(column.Rows.Select(count => (double)count), top)}",
            $"  {"samples",-13} {Sparkline.Bars(column.Samples.Select(count => (double)count), top)}",
        ];
    }

    /// <summary>A date where the column has some, of which each is spread over its day.</summary>
    private static string End(double value, ColumnSpec? spec) =>
        (spec is { IsDate: true } ? DateText.Of(spec.SpreadOver() == 1 ? Math.Floor(value) : value, isWhole: spec.SpreadOver() == 1) : null) ?? value.ToString("G4", Culture);

    private static IEnumerable<string> Legend(RunRecord record) => record.Columns.IsEmpty
        ? []
        : ["Every column from its 0.1% to its 99.9% quantile, in some training rows and in as many samples."];
}
