using System.CommandLine;
using FlowGrain.Training;

namespace FlowGrain.Cli.Options;

/// <summary>How a command is told which run it is about.</summary>
internal static class NamedRun
{
    internal static Option<string?> Option() => new("--name")
    {
        Description = "Name of the run and of its model. [default: the file's name]",
        HelpName = "NAME",
        CustomParser = Value.ReadBy(RunName.Require),
    };

    internal static Argument<string> Argument() => new("RUN") { Description = "The run's name." };
}
