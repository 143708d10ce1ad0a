using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models export</c>.</summary>
internal static class ModelExportCommand
{
    private const string Archive = ".zip";

    internal static Command Create(Cli cli)
    {
        var model = ModelName.Argument(cli);
        var library = PythonLibrary.Option("--to", "Write a state dict of this Python library, and beside it the JSON with which it can be imported again; without it an archive.");
        var output = OutputFile.Option("The file to write, a .zip for an archive and one of the others for a state dict; without it NAME-VERSION.zip or .npz in this folder.", [Archive, StateFile.Npz, StateFile.Safetensors]);
        var command = new CliCommand(
            "export", "Write a version into one file, for another home or cluster, or for Python.",
            "models export mine", "models export mine@champion --out mine.zip", "models export mine --to nflows --out mine.npz") { model, library, output };
        command.Rules.Add(parsed => OfOneKind(parsed, library, output));
        command.SetAction((parsed, interrupted) => Export(cli.Open(parsed), parsed.GetRequiredValue(model), parsed.GetValue(library), parsed.GetValue(output), interrupted));
        return command;
    }

    private static IEnumerable<string> OfOneKind(ParseResult parsed, Option library, Option output)
    {
        if (parsed.GetResult(output) is not { Tokens: [var path] } || parsed.Has(library) != path.Value.EndsWith(Archive, StringComparison.OrdinalIgnoreCase)) return [];
        return [parsed.Has(library) ? "--to writes a state dict; end --out in .npz or .safetensors." : "A state dict needs --to with the library; without it end --out in .zip."];
    }

    private static async Task<int> Export(Invocation cli, ModelReference reference, string? library, string? output, CancellationToken interrupted)
    {
        cli.RequireOutput(output);
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.Describe(reference, interrupted);
        var path = output ?? Path.GetFullPath($"{model.Name}-{model.Version}{(library is null ? Archive : StateFile.Npz)}");
        cli.RequireOutput(path);
        var version = new ModelReference(model.Name, model.Version);
        string? spec = null;
        if (library is null) await connection.Cluster.ExportModel(version, path, interrupted);
        else
        {
            using var folder = new PassingFolder();
            await connection.Cluster.ExportModel(version, folder.In("model.zip"), interrupted);
            spec = StateDictModel.Unpack(folder.In("model.zip"), library, path);
        }

        return cli.Answer(new { Model = model.Name, model.Version, Bytes = new FileInfo(path).Length, Out = path, Spec = spec }, () =>
        {
            cli.Print($"{model.Name}@{model.Version} in {Figures.Bytes(new FileInfo(path).Length)}");
            cli.Print(path);
            if (spec is not null) cli.Print(spec);
        });
    }
}
