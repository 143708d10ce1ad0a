using System.CommandLine;
using FlowGrain.Flows;
using FlowGrain.Training;

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
        try
        {
            if (!File.Exists(path)) throw new BadInputException($"There is no file '{path}' for --spec.");
            if (new FileInfo(path).Length is var bytes && bytes > PlanLimits.DesignLength) throw new BadInputException($"'{path}' has {bytes} bytes; the design of a flow may have {PlanLimits.DesignLength}.");
            var json = File.ReadAllText(path);
            FlowDesign.Read(json);
            return new DesignFile(path, json);
        }
        catch (ArgumentException wrong)
        {
            throw new BadInputException($"{path}: {wrong.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"'{path}' cannot be read: {error.Message}");
        }
    }
}
