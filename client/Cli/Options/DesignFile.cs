using System.CommandLine;
using FlowGrain.Flows;

namespace FlowGrain.Cli.Options;

/// <summary>A file with the design of a flow.</summary>
/// <param name="Path">The file.</param>
/// <param name="Json">What it holds, which is a design.</param>
internal sealed record DesignFile(string Path, string Json)
{
    internal static Option<DesignFile?> Option() => new("--spec")
    {
        Description = "A flow of your own in the place of the preset: its layers and its base, in the words of flow.json.",
        HelpName = "FILE.json",
        CustomParser = Value.ReadBy(Read),
    };

    /// <inheritdoc/>
    public override string ToString() => Path;

    private static DesignFile Read(string path)
    {
        if (!File.Exists(path)) throw new BadInputException($"There is no file '{path}' for --spec.");
        var json = File.ReadAllText(path);
        try
        {
            FlowDesign.Read(json);
        }
        catch (ArgumentException error)
        {
            throw new BadInputException($"{path}: {error.Message}");
        }

        return new DesignFile(path, json);
    }
}
