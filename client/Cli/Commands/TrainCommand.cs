using System.CommandLine;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Training;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain train</c>.</summary>
internal static class TrainCommand
{
    internal static Command Create(Cli cli)
    {
        var options = new TrainOptions(cli);
        var command = new CliCommand(
            "train",
            "Learn the density of a table and publish it as a model. The same command again resumes, or reports again.",
            "train your.csv",
            "train your.csv --columns price,carat --epochs 20 --name diamonds",
            "train your.csv --model nsf --set bins=16 --minutes 10 --seed 7");
        options.AddTo(command);
        command.SetAction((parsed, interrupted) => Train(cli.Open(parsed), options.Run(parsed), options.Plan(parsed), options.Trace(parsed), interrupted));
        return command;
    }

    private static async Task<int> Train(Invocation cli, string run, TrainingPlan plan, string? trace, CancellationToken interrupted)
    {
        cli.RequireOutput(trace, plan.Data.Path);
        await using var connection = await cli.Connect(interrupted);
        plan = plan with { Data = await Located(cli, connection.Cluster, plan.Data, interrupted) };
        PresetHints.Require(plan, await connection.Cluster.Presets(interrupted));
        var (trained, result) = await new TrainingSession(cli, connection.Cluster) { Trace = trace }.Train(run, plan, interrupted);
        cli.Answer(result, () => Print(cli, trained, result));
        return ExitCode.Ok;
    }

    private static async Task<DataSelection> Located(Invocation cli, ICluster cluster, DataSelection data, CancellationToken interrupted) => data with
    {
        Path = await UploadLine.Locate(cli, cluster, data.Path, interrupted),
        Validation = data.Validation is { } validation ? await UploadLine.Locate(cli, cluster, validation, interrupted) : null,
    };

    private static void Print(Invocation cli, TrainingPlan plan, RunResult result)
    {
        TrainingSummary.Print(cli, result, "this command");
        var given = string.Concat(plan.Data.Context.Select(column => $" --given {Quoting.ForShell($"{column}=VALUE")}"));
        NextSteps.Say(
            cli,
            $"plot --model {result.Model}{given}",
            $"sample --model {result.Model} -n 1000 --out samples.csv{given}",
            $"models show {result.Model}");
    }
}
