using System.CommandLine;

namespace FlowGrain.Cli.Commands;

/// <summary><c>flowgrain data</c>.</summary>
internal static class DataCommand
{
    internal static Command Create(Cli cli) =>
        new CliCommand("data", "Look at data before training on it, and after the data sets that were imported.", "data inspect your.csv", "data list", "data delete 3f9a")
        {
            DataInspectCommand.Create(cli), DataListCommand.Create(cli), DataShowCommand.Create(cli), DataDeleteCommand.Create(cli),
        };
}
