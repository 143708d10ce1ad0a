using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Data;

namespace FlowGrain.Cli.Options;

/// <summary>The argument that names a file of rows.</summary>
internal static class DataFile
{
    internal static Argument<string> Argument(Cli cli) => new("DATA")
    {
        Description = $"A file of rows: {SourcePath.Supported}.",
        CustomParser = result => Parse(result, cli),
    };

    /// <summary>The path that was given, checked where that can be done here; null where it is wrong, which is noted.</summary>
    internal static string? Parse(ArgumentResult result, Cli cli) =>
        IsForOthersToJudge(result, cli) ? result.Tokens[0].Value : Value.ReadBy(SourcePath.Require)(result);

    // A path that leads nowhere here may lead somewhere on the silos.
    private static bool IsForOthersToJudge(ArgumentResult result, Cli cli) =>
        result.GetResult(cli.Options.Cluster) is not null && result.Tokens[0].Value is var path && Path.IsPathFullyQualified(path) && !Path.Exists(path);
}
