using System.CommandLine;

namespace FlowGrain.Cli.Options;

/// <summary>A command that writes its data to stdout cannot print JSON there too.</summary>
internal static class StdoutIsTaken
{
    internal static void Validate(Command command, GlobalOptions global, Option output) => command.Validators.Add(result =>
    {
        if (result.GetResult(global.Json) is { Implicit: false } && result.GetResult(output) is null or { Implicit: true })
            result.AddError("--json prints on stdout, where the data would go too; add --out FILE.");
    });
}
