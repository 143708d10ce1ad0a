using System.CommandLine;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain data</c>.</summary>
internal static class DataCommand
{
    internal static Command Create(Cli cli) =>
        new CliCommand("data", "Look at data before training on it.", "data inspect your.csv", "data inspect your.csv --json") { DataInspectCommand.Create(cli) };
}
