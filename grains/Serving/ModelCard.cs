using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Serving;

/// <summary>card.md of a model folder: a page for people.</summary>
internal static class ModelCard
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    internal static string Write(StoredModel model) => string.Join("\n\n", Blocks(model).Where(block => block != "")) + "\n";

    /// <summary>Its first line.</summary>
    internal static string Title(string name, int version) => $"# {name}, version {version}";

    private static IEnumerable<string> Blocks(StoredModel model)
    {
        var record = model.Record;
        yield return Title(model.Name, model.Version);
        yield return string.Create(Culture, $"A normalizing flow ({model.Flow.Preset}, {record.Result.Parameters:N0} parameters) of {Names(model.Flow.TableOrNumbers().Columns.Select(column => column.Name))}{Given(model)}.");
        if (record.Imported is { } imported)
        {
            yield return "## Origin";
            yield return Origin(record, imported);
            yield break;
        }

        yield return "## Data";
        yield return Rows(record);
        yield return Columns(model);
        yield return "## Likelihood";
        yield return Likelihood(record);
        yield return Exactness(model);
        yield return "## Pictures";
        yield return CardPictures.Of(record, model.Flow.TableOrNumbers(), model.Flow.Objective is { } objective ? $"{objective.Name} per row" : "nats per row");
        yield return "## Origin";
        yield return Origin(record);
    }

    private static string Rows(RunRecord record)
    {
        List<string> parts = [string.Create(Culture, $"{record.TrainRows:N0} trained the flow")];
        if (record.ValidationRows > 0) parts.Add(string.Create(Culture, $"{record.ValidationRows:N0} chose its weights"));
        if (record.TestRows > 0) parts.Add(string.Create(Culture, $"{record.TestRows:N0} only tested it"));
        return string.Create(Culture, $"{Code(Path.GetFileName(record.Plan.Data.Path))}: {record.Result.Rows:N0} rows{Left(record)}{Weighed(record)}. {string.Join(", ", parts)}.");
    }

    private static string Left(RunRecord record) => record.Plan.Data.Missing switch
    {
        MissingRows.Drop => ", those with a missing value left out",
        MissingRows.Mask => ", some with missing values, whose density is that of the values they have",
        _ => "",
    };

    private static string Weighed(RunRecord record) => record.Plan.Data.Weights is { } column ? $", weighed by {Code(column)}" : "";

    private static string Columns(StoredModel model)
    {
        var table = model.Flow.TableOrNumbers();
        var rows = table.Columns.Concat(table.Context).Join(model.Record.Columns, spec => spec.Name, column => column.Name, (spec, column) =>
            $"| {Cell(column.Name)} | {(table.Columns.Contains(spec) ? "learned" : "given")}{Kind(spec)} | {Least(spec, column)} | {Most(spec, column)} |");
        return model.Record.Columns.IsEmpty ? "" : string.Join('\n', rows.Prepend("|---|---|---:|---:|").Prepend("| column | | smallest | largest |"));
    }

    private static string Kind(ColumnSpec column) => column switch
    {
        CategoryColumn category => $", category of {category.Levels.Length} levels",
        LatticeColumn { Step: 1, IsDate: true } => ", dates, each spread over its day",
        { IsDate: true } => ", moments",
        LatticeColumn { Step: 1 } => ", whole numbers, each spread over the one above it",
        LatticeColumn lattice => string.Create(Culture, $", multiples of {lattice.Step:R}, each spread over the step above it"),
        CircleColumn { Step: { } step } angle => string.Create(Culture, $", angle of period {angle.Period:R}, each value spread over {step:R}"),
        CircleColumn angle => string.Create(Culture, $", angle of period {angle.Period:R}"),
        AngleColumn angle => string.Create(Culture, $", angle of period {angle.Period:R}"),
        _ => "",
    };

    private static string Least(ColumnSpec spec, ColumnPortrait column) => spec is CategoryColumn category ? Code(category.Levels[0]) : Value(spec, column.Min);

    private static string Most(ColumnSpec spec, ColumnPortrait column) => spec is CategoryColumn category ? Code(category.Levels[^1]) : Value(spec, column.Max);

    private static string Likelihood(RunRecord record)
    {
        var result = record.Result;
        List<string> lines = ["| nats per row, lower is better | flow | full-covariance Gaussian |", "|---|---:|---:|", $"| training | {Nats(result.TrainNll)} | |"];
        if (record.ValidationRows > 0) lines.Add($"| validation (chose the weights) | {Nats(result.ValidationNll)} | {Nats(result.GaussianNll)} |");
        if (record.TestNll is { } test) lines.Add($"| test (never used in training) | {Nats(test)} | {(record.TestGaussianNll is { } gaussian ? Nats(gaussian) : "")} |");
        return string.Join('\n', lines);
    }

    private static string Exactness(StoredModel model) => $"{Density(Abilities.Of(model.Flow).LogDensity)} {RoundTrip(model.Record)}{Precision(model.Record.LogDensityError, Beside(model))}";

    private static string Density(string logDensity) => logDensity switch
    {
        "exact" => "Its density is exact.",
        "numerical" => "Its density is numerical: a solver, a quadrature or a mean over points finds it, to the error said below.",
        _ => $"Its log-density is no exact one: it is {(logDensity == "estimate" ? "an unbiased estimate, the same every time for the same row" : "a lower bound")}.",
    };

    private static string Beside(StoredModel model) => model.Flow.Can().HasFlag(Flows.Capability.Numerical) ? "float64 and a far finer solution" : "float64";

    private static string RoundTrip(RunRecord record) => record.ValidationRows == 0 ? "" : string.Create(
        Culture, $"Mapping a row to the base and back moves it by at most {record.RoundTripError:0.0e+0} deviations of a column (float32, validation rows).{(Flows.Engines.RoundTrip.Warning(record.RoundTripError) is { } warning ? $" {warning}" : "")}\n");

    private static string Precision(LogDensityError? error, string beside) => error is null
        ? "How far its log-densities in float32 are from float64 was not measured: the machine that trained it could not load libtorch."
        : string.Create(Culture, $"Log-densities are computed in float32: beside {beside} they are off by {error.Median:0.0e+0} nats in the median, and {Most(error)} {error.High:0.0e+0} ({Rows(error)}).{Coarse(error)}");

    private static string Most(LogDensityError error) => error.Rows < 1000 ? "at most by" : "in 999 of 1,000 rows by at most";

    private static string Rows(LogDensityError error) => error.Rows == 1 ? "1 row" : $"{error.Rows.ToString("N0", Culture)} rows";

    private static string Coarse(LogDensityError error) => error.High <= LogDensityError.Fine ? "" : " That is coarse: the flow is too steep for float32 in places; --set noise=0.05, fewer transforms or a lower --lr make it smoother.";

    private static string Origin(RunRecord record) => string.Create(Culture, $"""
        {Began(record)}Trained for {record.Result.Steps:N0} steps ({record.Result.Epochs:F1} passes); the weights of step {record.StepOfBest:N0} were published.
        Device class `{record.Result.DeviceClass}`, seed {record.Plan.Seed}, weights SHA-256 `{record.Result.WeightsSha256}`, flow `{record.SpecHash}`, data `{record.DataRoot}`.
        """);

    private static string Began(RunRecord record) => record.From is { } from ? $"Begun with the weights of {Code(from.ToString())}, SHA-256 `{from.WeightsSha256}`. " : "";

    private static string Origin(RunRecord record, ImportOrigin imported) => string.Create(Culture, $"""
        Not trained here: imported from {Code(imported.File)}, a state dict of {imported.Library} with SHA-256 `{imported.Sha256}`. Its density is exact.
        Weights SHA-256 `{record.Result.WeightsSha256}`, flow `{record.SpecHash}`. Nothing is known of the rows that it learned from; the ranges of its columns are those of its samples.
        """);

    private static string Given(StoredModel model) => model.Flow.TableOrNumbers().Context is [_, ..] context ? $" given {Names(context.Select(column => column.Name))}" : "";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Code));

    private static string Code(string name) => $"`{name.Replace('`', '\'').ReplaceLineEndings(" ")}`";

    private static string Cell(string name) => Code(name).Replace("|", "\\|"); // a bar would end the cell, even in code

    private static string Nats(double nats) => nats.ToString("F4", Culture);

    private static string Value(ColumnSpec spec, double value) => (spec.IsDate ? DateText.Of(value, isWhole: value == Math.Floor(value)) : null) ?? value.ToString("G6", Culture);
}
