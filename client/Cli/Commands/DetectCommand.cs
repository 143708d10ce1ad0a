using System.CommandLine;
using FlowGrain.Cli.Detecting;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain detect</c>.</summary>
internal static class DetectCommand
{
    internal static Command Create(Cli cli)
    {
        var data = DataFile.Argument(cli);
        var model = ModelName.Option(cli);
        var score = ScoreKind.Option();
        var rate = Numbers.Optional("--rate", "F", "Share of the reference that may be flagged: the rate of false alarms. [default: 0.01]", Ranges.Rate);
        var threshold = Numbers.Optional("--threshold", "X", "Flags rows with a higher score, in the place of a rate.", Ranges.Finite);
        var label = new Option<string?>("--label") { Description = "Column of DATA that says which rows are anomalies, 1 or 0, or of an .npz such an array: measures how the scores rank them.", HelpName = "COLUMN" };
        var reference = new Option<string?>("--reference") { Description = "File of usual rows to compare with. [default: the rows that the model's run held out]", HelpName = "DATA", CustomParser = result => DataFile.Parse(result, cli) };
        var explain = Numbers.WithDefault("--explain", "N", "How many of the most anomalous rows are explained, column by column.", Ranges.Between(0, 100), otherwise: 3);
        var output = OutputFile.Option("Where to write row,log_prob,score,p_value,flagged. [default: nowhere; the summary alone]", TableFile.Extensions);
        var missing = Missing.Option("Rows with a missing or non-finite value: judge none of them and count them, or refuse the file.");
        var command = new CliCommand(
            "detect",
            "Find the rows that are unlike those that a model learned, and say why.",
            "detect new.csv --model mine",
            "detect new.csv --model mine --rate 0.001 --out alarms.csv",
            "detect labelled.csv --model mine --label y --score typicality") { data, model, score, rate, threshold, label, reference, explain, output, missing };
        command.Rules.Add(parsed => parsed.Has(rate) && parsed.Has(threshold) ? ["--rate and --threshold both say which rows are flagged; give one of them."] : []);
        command.SetAction((parsed, interrupted) => Detect(
            cli.Open(parsed),
            parsed.GetRequiredValue(model),
            new DetectionPlan(Model: "", Version: null, parsed.GetRequiredValue(data), parsed.GetValue(missing), parsed.GetValue(output))
            {
                Score = parsed.GetValue(score), Rate = parsed.GetValue(rate), Threshold = parsed.GetValue(threshold), Label = parsed.GetValue(label),
                Reference = parsed.GetValue(reference), Explain = parsed.GetValue(explain),
            },
            interrupted));
        return command;
    }

    private static async Task<int> Detect(Invocation cli, ModelReference reference, DetectionPlan wanted, CancellationToken interrupted)
    {
        if (cli.Remote is not null) RequireLocal(cli, wanted); // otherwise the silo looks
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        var plan = wanted with
        {
            Model = model.Name, Version = model.Version,
            Data = await UploadLine.Locate(cli, connection.Cluster, wanted.Data, interrupted),
            Reference = wanted.Reference is { } usual ? await UploadLine.Locate(cli, connection.Cluster, usual, interrupted) : null,
        };
        var result = await Detect(cli, connection.Cluster, plan, interrupted);
        cli.Warn(result.Warning);
        return cli.Answer(DetectionSummary.Of(result, plan.Output), () => new DetectionReport(cli, model, plan, result).Print());
    }

    private static void RequireLocal(Invocation cli, DetectionPlan plan)
    {
        cli.RequireOutput(plan.Output, plan.Data);
        if (plan.Reference is { } reference) cli.RequireOutput(plan.Output, reference);
    }

    private static async Task<DetectionResult> Detect(Invocation cli, ICluster cluster, DetectionPlan plan, CancellationToken interrupted)
    {
        using var reading = ReadingLine.For(cli, "judging", plan.Data);
        return await cluster.Detect(plan, reading, interrupted);
    }
}
