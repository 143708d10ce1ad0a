using System.CommandLine;

namespace FlowGrain.Cli.Options;

/// <summary>The argument that names an imported data set.</summary>
internal static class DatasetName
{
    internal static Argument<string> Argument() => new("ID") { Description = "What 'data list' calls it; the first letters are enough." };
}
