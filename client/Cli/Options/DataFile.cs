using System.CommandLine;
using FlowGrain.Data;

namespace FlowGrain.Cli.Options;

/// <summary>The argument that names a file of rows.</summary>
internal static class DataFile
{
    internal static Argument<string> Argument() => new("DATA")
    {
        Description = $"A file of rows: {SourcePath.Supported}.",
        CustomParser = Value.ReadBy(SourcePath.Require),
    };
}
