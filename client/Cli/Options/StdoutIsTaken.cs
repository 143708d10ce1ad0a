using System.CommandLine;
using FlowGrain.Cli.Commands;

namespace FlowGrain.Cli.Options;

/// <summary>A command that writes its data to stdout cannot print JSON there too.</summary>
internal static class StdoutIsTaken
{
    internal static Func<ParseResult, IEnumerable<string>> Rule(GlobalOptions global, Option output) => parsed =>
        parsed.Has(global.Json) && !parsed.Has(output) ? ["--json prints on stdout, where the data would go too; add --out FILE."] : [];
}
