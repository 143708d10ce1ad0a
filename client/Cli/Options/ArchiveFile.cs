using System.CommandLine;

namespace FlowGrain.Cli.Options;

/// <summary>The argument that names an archive of a model.</summary>
internal static class ArchiveFile
{
    internal static Argument<string> Argument() => new("FILE")
    {
        Description = "An archive that models export wrote, or with --from a state dict.",
        CustomParser = Value.ReadBy(Require),
    };

    private static string Require(string path) => path != "" && !path.Contains('\0')
        ? Path.GetFullPath(path)
        : throw new BadInputException("The path of the archive is empty; name a file that models export wrote.");
}
