using System.CommandLine;
using FlowGrain.Cli.Options;

namespace FlowGrain.Cli;

/// <summary>The options of every command.</summary>
internal sealed class GlobalOptions
{
    internal Option<string?> Home { get; } = new("--home")
    {
        Description = "Folder with the runs, models and data. [default: $FLOWGRAIN_HOME, else ~/.flowgrain]",
        HelpName = "DIR",
        Recursive = true,
        CustomParser = Value.ReadBy(HomeFolder.Require),
    };

    internal Option<Uri?> Cluster { get; } = new("--cluster")
    {
        Description = "Work on this cluster, by the address of any of its silos; the key is read from FLOWGRAIN_API_KEY. [default: one inside this command]",
        HelpName = "URL",
        Recursive = true,
        CustomParser = Value.ReadBy(SiloAddress.Require),
    };

    internal Option<bool> Json { get; } = new("--json")
    {
        Description = "Print one JSON object on stdout (live commands: one a line).",
        Recursive = true,
    };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No progress, hints or warnings.", Recursive = true };

    internal Option<bool> Verbose { get; } = new("--verbose") { Description = "Show the stack trace of an error, and what the silo logs.", Recursive = true };

    internal Option<bool> NoColor { get; } = new("--no-color") { Description = "No colours; NO_COLOR does the same.", Recursive = true };

    internal IEnumerable<Option> All => [Home, Cluster, Json, Quiet, Verbose, NoColor];
}
