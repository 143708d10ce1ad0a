using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Scoring;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain score</c>.</summary>
internal static class ScoreCommand
{
    internal static Command Create(Cli cli)
    {
        var data = DataFile.Argument(cli);
        var model = ModelName.Option(cli);
        var output = OutputFile.Option("Where to write row,log_prob. [default: nowhere; the summary alone]", TableFile.Extensions);
        var latent = new Option<bool>("--latent") { Description = "Write z0, z1, … too." };
        var missing = Missing.Option("Rows with a missing or non-finite value: score them NaN and count them, or refuse the file.");
        var command = new CliCommand(
            "score",
            "The log-density of every row, in nats and the units of the data.",
            "score new.csv --model mine",
            "score new.csv --model mine@2 --out scores.csv",
            "score new.csv --model mine --out scores.npy --latent") { data, model, output, latent, missing };
        command.Rules.Add(parsed => parsed.Has(latent) && !parsed.Has(output) ? ["--latent needs a file to write to; add --out FILE."] : []);
        command.SetAction((parsed, interrupted) => Score(
            cli.Open(parsed), parsed.GetRequiredValue(model), parsed.GetRequiredValue(data), parsed.GetValue(output), parsed.GetValue(latent), parsed.GetValue(missing), interrupted));
        return command;
    }

    private static async Task<int> Score(
        Invocation cli, ModelReference reference, string data, string? output, bool latent, MissingRows missing, CancellationToken interrupted)
    {
        if (cli.Remote is not null) cli.RequireOutput(output, data); // otherwise the silo looks
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        var plan = new ScoringPlan(model.Name, model.Version, await UploadLine.Locate(cli, connection.Cluster, data, interrupted), missing, output, latent);
        var result = await Score(cli, connection.Cluster, plan, interrupted);
        cli.Warn(result.Warning);
        return cli.Answer(ScoringAnswer.Of(result, output), () => Print(cli, model, result, output));
    }

    private static async Task<ScoringResult> Score(Invocation cli, ICluster cluster, ScoringPlan plan, CancellationToken interrupted)
    {
        using var reading = ReadingLine.For(cli, "scoring", plan.Data);
        return await cluster.Score(plan, reading, interrupted);
    }

    private static void Print(Invocation cli, ModelDescription model, ScoringResult result, string? output)
    {
        cli.Print($"{Figures.Of(result.Rows, "row")} scored by {model.Name}@{model.Version}: mean log-density {Figures.Nats(result.MeanLogProb)} nats, {Figures.Rate(result.RowsPerSecond)}");
        if (result.NonFinite > 0) cli.Print($"{Figures.Of(result.NonFinite, "row")} without a finite score");
        if (output is not null) cli.Print(output);
        cli.Print("");
        cli.Print("Least likely rows (counted from 0):");
        cli.Print(LeastLikelyTable.Of(model, result.LeastLikely));
    }
}
