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
        var output = OutputFile.Option("Where to write row,log_prob; with a slash behind it, a folder of parts. [default: nowhere; the summary alone]", TableFile.Extensions, orFolder: true);
        var carry = Columns.Option("--carry", "Columns of DATA to write behind the scores, as they are.");
        var latent = new Option<bool>("--latent") { Description = "Write z0, z1, … too." };
        var draws = Numbers.Optional("--dequantise-draws", "K", "Estimates log P(bin) of whole numbers and steps, by the mean density of so many draws of a row in its bin. [default: the log-density of one]", Ranges.Between(1, 1024));
        var missing = Missing.Option("Rows with a missing or non-finite value: score them NaN and count them, or refuse the file.");
        var command = new CliCommand(
            "score",
            "The log-density of every row, in nats and the units of the data.",
            "score new.csv --model mine",
            "score new.csv --model mine --out scores.parquet --latent --carry id",
            "score new.csv --model mine --out scores.parquet/") { data, model, output, carry, latent, draws, missing };
        command.Rules.Add(parsed => parsed.Has(latent) && !parsed.Has(output) ? ["--latent needs a file to write to; add --out FILE."] : []);
        command.Rules.Add(parsed => parsed.Has(carry) && !parsed.Has(output) ? ["--carry needs a file to write to; add --out FILE."] : []);
        command.Rules.Add(parsed => parsed.Has(latent) && parsed.Has(draws) ? ["--latent asks where a row lies in the base, and with --dequantise-draws its bin lies in many places; leave one of them out."] : []);
        command.SetAction((parsed, interrupted) => Score(
            cli.Open(parsed),
            parsed.GetRequiredValue(model),
            new ScoringPlan(Model: "", Version: null, parsed.GetRequiredValue(data), parsed.GetValue(missing), parsed.GetValue(output), parsed.GetValue(latent)) { Carry = parsed.GetValue(carry), DequantiseDraws = parsed.GetValue(draws) },
            interrupted));
        return command;
    }

    private static async Task<int> Score(Invocation cli, ModelReference reference, ScoringPlan wanted, CancellationToken interrupted)
    {
        if (cli.Remote is not null) cli.RequireOutput(wanted.Output, wanted.Data); // otherwise the silo looks
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        var plan = wanted with { Model = model.Name, Version = model.Version, Data = await UploadLine.Locate(cli, connection.Cluster, wanted.Data, interrupted) };
        var result = await Score(cli, connection.Cluster, plan, interrupted);
        cli.Warn(result.Warning);
        return cli.Answer(ScoringAnswer.Of(result, plan.Output), () => Print(cli, model, result, plan.Output));
    }

    private static async Task<ScoringResult> Score(Invocation cli, ICluster cluster, ScoringPlan plan, CancellationToken interrupted)
    {
        using var reading = ReadingLine.For(cli, "scoring", plan.Data);
        try
        {
            return await cluster.Score(plan, reading, interrupted);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            throw new InterruptedException($"Stopped by {cli.Host.Interrupts.By}. What is scored is kept for a week, in parts of 262,144 rows: the same command goes on behind the last.");
        }
    }

    private static void Print(Invocation cli, ModelDescription model, ScoringResult result, string? output)
    {
        cli.Print($"{Figures.Of(result.Rows, "row")} scored by {model.Name}@{model.Version}: mean {(result.Estimate is null ? "log-density" : "log P(bin)")} {Figures.Nats(result.MeanLogProb)} nats, {Figures.Rate(result.RowsPerSecond)}");
        if (result.Estimate is { } estimate) cli.PrintWords($"Every figure is an estimate: {estimate}.");
        if (result.ScoredBefore > 0) cli.Print($"{Figures.Of(result.ScoredBefore, "row")} of them had been scored before it was interrupted");
        if (result.NonFinite > 0) cli.Print($"{Figures.Of(result.NonFinite, "row")} without a finite score");
        if (output is not null) cli.Print(output);
        cli.Print("");
        cli.Print("Least likely rows (counted from 0):");
        cli.Print(LeastLikelyTable.Of(model, result));
    }
}
