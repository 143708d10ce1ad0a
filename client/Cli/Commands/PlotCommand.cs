using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Completion;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Cli.Plotting;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain plot</c>.</summary>
internal static class PlotCommand
{
    private static readonly string[] Kinds = [.. Enum.GetValues<PlotKind>().Select(Words.Of)];

    internal static Command Create(Cli cli)
    {
        var model = ModelName.Option(cli);
        var kind = KindOption();
        var columns = Columns.Option("--columns", "Columns to show. [default: the first two; with pairs the first six]");
        var given = GivenContext.Option();
        var data = new Option<string?>("--data") { Description = "With latent: rows to look at. [default: those that the model learned]", HelpName = "DATA", CustomParser = result => DataFile.Parse(result, cli) };
        var output = OutputFile.Option("Where to write the picture. [default: the terminal]", [".png"]);
        var command = new CliCommand(
            "plot",
            "Draw a model: in the terminal, or as a PNG.",
            "plot --model mine",
            "plot --model mine --columns price,carat --out density.png",
            "plot --model mine --kind layers") { model, kind, columns, given, data, output };
        command.Rules.Add(StdoutIsTaken.Rule(cli.Options, output));
        command.SetAction((parsed, interrupted) => Plot(cli.Open(parsed), parsed.GetRequiredValue(model), Request(parsed), interrupted));
        return command;

        PlotRequest Request(ParseResult parsed) =>
            new(parsed.GetValue(kind), parsed.GetValue(columns), parsed.GetRequiredValue(given), parsed.GetValue(data), parsed.GetValue(output));
    }

    private static async Task<int> Plot(Invocation cli, Client.ModelReference reference, PlotRequest request, CancellationToken interrupted)
    {
        cli.RequireOutput(request.Out);
        RequireUse(request);
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        await new ModelPlotter(cli, connection.Cluster, model).Draw(request, interrupted);
        if (cli.Json) cli.PrintJson(new { request.Out });
        else if (request.Out is { } path) cli.Print(path);
        return ExitCode.Ok;
    }

    private static void RequireUse(PlotRequest request)
    {
        var (columns, given) = request.Kind switch
        {
            PlotKind.Loss => ("The losses of a run are not of single columns", "The losses of a run are conditioned on nothing"),
            PlotKind.Latent => ("The coordinates of the base are not those of single columns", "The latents of rows are conditioned on what each row has"),
            _ => (null, null),
        };
        if (columns is not null && !request.Columns.IsDefaultOrEmpty) throw new BadInputException($"{columns}; leave --columns out.");
        if (given is not null && !request.Given.IsEmpty) throw new BadInputException($"{given}; leave --given out.");
        if (request.Data is not null && request.Kind != PlotKind.Latent) throw new BadInputException("Only the latents of rows need rows; add --kind latent, or leave --data out.");
    }

    private static Option<PlotKind> KindOption() => new Option<PlotKind>("--kind")
    {
        Description = "What to draw. [default: density]",
        HelpName = string.Join("|", Kinds),
        CustomParser = Kind,
    }.Offering(Kinds);

    private static PlotKind Kind(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (Array.IndexOf(Kinds, text) is >= 0 and var at) return (PlotKind)at;
        result.AddError($"--kind is {text}{Nearest.Hint(text, Kinds, "; give density, pairs, loss, layers or latent.")}");
        return default;
    }
}
