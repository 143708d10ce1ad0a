using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Plotting;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain plot</c>.</summary>
internal static class PlotCommand
{
    internal static Command Create(Cli cli)
    {
        var model = ModelName.Option();
        var kind = KindOption();
        var columns = Columns.Option("--columns", "Columns to show. [default: the first two; with pairs the first six]");
        var given = GivenContext.Option();
        var output = OutputFile.Option("Where to write the picture. [default: the terminal]", [".png"]);
        var command = new CliCommand(
            "plot",
            "Draw a model: in the terminal, or as a PNG.",
            "plot --model mine",
            "plot --model mine --columns price,carat --out density.png",
            "plot --model mine --kind loss") { model, kind, columns, given, output };
        command.Rules.Add(StdoutIsTaken.Rule(cli.Options, output));
        command.SetAction((parsed, interrupted) => Plot(cli.Open(parsed), parsed.GetRequiredValue(model), Request(parsed), interrupted));
        return command;

        PlotRequest Request(ParseResult parsed) =>
            new(parsed.GetValue(kind), parsed.GetValue(columns), parsed.GetRequiredValue(given), parsed.GetValue(output));
    }

    private static async Task<int> Plot(Invocation cli, Client.ModelReference reference, PlotRequest request, CancellationToken interrupted)
    {
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        await new ModelPlotter(cli, connection.Cluster, model).Draw(request, interrupted);
        if (cli.Json) cli.PrintJson(new { request.Out });
        else if (request.Out is { } path) cli.Print(path);
        return ExitCode.Ok;
    }

    private static Option<PlotKind> KindOption() => new("--kind")
    {
        Description = "What to draw. [default: density]",
        HelpName = "density|pairs|loss",
        CustomParser = Kind,
    };

    private static PlotKind Kind(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var names = Enum.GetNames<PlotKind>().Select(name => name.ToLowerInvariant()).ToArray();
        if (Array.IndexOf(names, text) is >= 0 and var at) return (PlotKind)at;
        result.AddError($"--kind is {text}{Nearest.Hint(text, names, "; give density, pairs or loss.")}");
        return default;
    }
}
