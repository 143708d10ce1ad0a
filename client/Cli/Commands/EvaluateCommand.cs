using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain evaluate</c>.</summary>
internal static class EvaluateCommand
{
    internal static Command Create(Cli cli)
    {
        var data = DataFile.Argument(cli);
        var model = ModelName.Option(cli);
        var missing = Missing.Option("Rows with a missing or non-finite value: leave them out, or refuse the file.");
        var command = new CliCommand(
            "evaluate",
            "Measure a model on a file: likelihood, samples, calibration, invertibility.",
            "evaluate test.csv --model mine",
            "evaluate test.csv --model mine@1 --json") { data, model, missing };
        command.SetAction((parsed, interrupted) =>
            Evaluate(cli.Open(parsed), parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(missing), interrupted));
        return command;
    }

    private static async Task<int> Evaluate(Invocation cli, ModelReference reference, string data, MissingRows missing, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        var plan = new EvaluationPlan(model.Name, model.Version, await UploadLine.Locate(cli, connection.Cluster, data, interrupted), missing);
        var report = await Evaluate(cli, connection.Cluster, plan, interrupted);
        cli.Warn(report.Warning);
        return cli.Answer(report, () => Print(cli, report));
    }

    private static async Task<EvaluationReport> Evaluate(Invocation cli, ICluster cluster, EvaluationPlan plan, CancellationToken interrupted)
    {
        using var reading = ReadingLine.For(cli, "measuring", plan.Data);
        return await cluster.Evaluate(plan, reading, interrupted);
    }

    private static void Print(Invocation cli, EvaluationReport report)
    {
        cli.PrintWords($"NLL                 {Figures.Nats(report.Nll)} nats per row over {Figures.Of(report.Rows, "row")}");
        if (report.BitsPerDim is { } bits) cli.PrintWords($"Bits per dimension  {Figures.Nats(bits)}");
        cli.PrintWords($"Gaussian            {Figures.Nats(report.GaussianNll)}: {Likelihoods.Gain(report.GaussianNll - report.Nll)}");
        cli.PrintWords($"Sliced Wasserstein  {Figures.Value(report.SlicedWasserstein)} deviations between these rows and samples");
        cli.PrintWords($"Calibration         {Figures.Value(report.Calibration)} largest gap of a latent coordinate to the normal distribution");
        cli.PrintWords($"Round trip          {Figures.Value(report.RoundTripError)} deviations at most");
    }
}
