using System.CommandLine;
using FlowGrain.Cli.Options;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain models import</c>.</summary>
internal static class ModelImportCommand
{
    internal static Command Create(Cli cli)
    {
        var file = ArchiveFile.Argument();
        var library = PythonLibrary.Option("--from", "The Python library whose state dict FILE is, npz or safetensors; without it an archive.");
        var spec = new Option<string>("--spec") { Description = "What a state dict does not say of its flow, as JSON.", HelpName = "SPEC.json", CustomParser = Value.ReadBy(Described) };
        var name = new Option<string>("--name") { Description = "The model that it becomes a version of; without it the one that it was exported from, or the name of the file.", HelpName = "NAME", CustomParser = Value.ReadBy(RunName.Require) };
        var command = new CliCommand(
            "import", "Take an exported version, or a model that was trained in Python, as the next version of a model, once it has passed its self-test.",
            "models import mine-2.zip", "models import mine-2.zip --name theirs", "models import theirs.npz --from nflows --spec theirs.json") { file, library, spec, name };
        command.Rules.Add(parsed => parsed.Has(library) == parsed.Has(spec) ? [] : ["--from and --spec go together: a state dict does not say all of its flow; see docs/import.md."]);
        command.SetAction((parsed, interrupted) => Import(cli.Open(parsed), parsed.GetRequiredValue(file), parsed.GetValue(library), parsed.GetValue(spec), parsed.GetValue(name), interrupted));
        return command;
    }

    private static string Described(string path) => path != "" && !path.Contains('\0')
        ? Path.GetFullPath(path)
        : throw new BadInputException("The path of --spec is empty; name a JSON file that describes the flow, see docs/import.md.");

    private static async Task<int> Import(Invocation cli, string file, string? library, string? spec, string? name, CancellationToken interrupted)
    {
        using var folder = new PassingFolder();
        var archive = library is null ? file : folder.In("model.zip");
        if (library is not null) StateDictModel.Pack(library, file, spec!, name ??= NameOf(file), archive);
        var known = ModelArchive.NameIn(archive); // what is no archive is not sent anywhere
        await using var connection = await cli.Connect(interrupted);
        var model = await connection.Cluster.ImportModel(name ?? known, archive, interrupted);
        return cli.Answer(model, () =>
        {
            cli.Print($"{model.Name}@{model.Version} is there, with weights {model.WeightsSha256[..12]}… as {(library is null ? "exported" : $"{library} had them")}.");
            if (model.Aliases.IsEmpty) cli.Print($"Have it answer requests: {cli.Suggest($"models alias {model.Name}@{model.Version} champion")}");
        });
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file) is var name && RunName.IsAllowed(name) ? name
        : throw new BadInputException($"The file's name, '{name}', cannot be that of a model; give one with --name.");
}
