using System.CommandLine;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Up;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain runs</c>: the list, and what can be done with one.</summary>
internal static class RunsCommand
{
    internal static Command Create(Cli cli)
    {
        var command = new CliCommand("runs", "List the runs, or look after one.", "runs", "runs show mine", "runs watch mine --json")
        {
            RunShowCommand.Create(cli), RunWatchCommand.Create(cli), RunLogsCommand.Create(cli), RunWaitCommand.Create(cli), RunStopCommands.Pause(cli), RunResumeCommand.Create(cli), RunStopCommands.Cancel(cli), RunDeleteCommand.Create(cli),
        };
        command.SetAction((parsed, interrupted) => List(cli.Open(parsed), interrupted));
        return command;
    }

    private static async Task<int> List(Invocation cli, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var runs = await connection.Cluster.Runs(interrupted);
        if (cli.Remote is null && UpFolder.HasRuns(cli.Home.Path)) cli.Say($"The runs of 'up' on {cli.Home.Path} are not among these: {cli.Suggest("up")} has them.");
        return cli.Answer(new { runs }, () =>
        {
            if (runs.IsEmpty) cli.Print($"No runs yet {cli.Place}: try {cli.Suggest("quickstart")}");
            else cli.Print(Table(runs));
        });
    }

    private static TextTable Table(IEnumerable<RunListing> runs)
    {
        var table = new TextTable(
            TextColumn.Text("run", least: 20), new("phase"), new("preset", Leaves: 1), TextColumn.Number("steps"), TextColumn.Number("validation"), new("started (UTC)", Leaves: 2));
        foreach (var run in runs)
            table.Add($"{run.Run}@{run.Version}", Words.Of(run.Phase), run.Preset, Steps(run), Losses.Figure(run.ValidationNll, run.Result is null ? run.Objective : RunObjectives.Likelihood), $"{run.Started.UtcDateTime:yyyy-MM-dd HH:mm}");
        return table;
    }

    private static string Steps(RunListing run) => run.Steps > 0 ? $"{Figures.Count(run.Step)}/{Figures.Count(run.Steps)}" : Figures.Count(run.Step);
}
