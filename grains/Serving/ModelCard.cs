using System.Globalization;
using FlowGrain.Flows.Engines;

namespace FlowGrain.Serving;

/// <summary>card.md of a model folder: a page for people.</summary>
internal static class ModelCard
{
    internal static string Write(StoredModel model)
    {
        var (record, result) = (model.Record, model.Record.Result);
        return string.Create(CultureInfo.InvariantCulture, $"""
            # {model.Name}, version {model.Version}

            A normalizing flow ({model.Flow.Preset}, {result.Parameters:N0} parameters) of {Names(model.Flow.Columns)}{Given(model)}.

            | rows | |
            |---|---|
            | training | {record.TrainRows:N0} |
            | validation | {record.ValidationRows:N0} |
            | test | {record.TestRows:N0} |

            | nats per row, lower is better | flow | full-covariance Gaussian |
            |---|---|---|
            | training | {result.TrainNll:F4} | |
            | validation (chose the weights) | {result.ValidationNll:F4} | {result.GaussianNll:F4} |
            {TestLine(record)}
            Its density is exact. Mapping a row to the base and back moves it by at most {record.RoundTripError:E1} deviations of a column (float32, validation rows).
            {Precision(record.LogDensityError)}

            Trained for {result.Steps:N0} steps ({result.Epochs:F1} passes); the weights of step {record.BestStep:N0} were published.
            Device class `{result.DeviceClass}`, seed {record.Plan.Seed}, weights SHA-256 `{result.WeightsSha256}`, flow `{record.SpecHash}`, data `{record.DataRoot}`.

            """);
    }

    private static string Precision(LogDensityError? error) => error is null
        ? "How far its log-densities in float32 are from float64 was not measured: the machine that trained it could not load libtorch."
        : string.Create(CultureInfo.InvariantCulture, $"Log-densities are computed in float32: beside float64 they are off by {error.Median:E1} nats in the median, and in 999 of 1,000 rows by at most {error.High:E1} ({error.Rows:N0} rows).");

    private static string TestLine(RunRecord record) => record.TestNll is { } test
        ? string.Create(CultureInfo.InvariantCulture, $"| test (never used in training) | {test:F4} | |\n")
        : "";

    private static string Given(StoredModel model) => model.Flow.Context.IsEmpty ? "" : $" given {Names(model.Flow.Context)}";

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"`{name}`"));
}
