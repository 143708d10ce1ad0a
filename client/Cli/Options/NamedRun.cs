using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Training;

namespace FlowGrain.Cli.Options;

/// <summary>How a command is told which run it is about.</summary>
internal static class NamedRun
{
    internal static Option<string?> Option(Cli cli) => new Option<string?>("--name")
    {
        Description = "Name of the run and of its model. [default: the file's name]",
        HelpName = "NAME",
        CustomParser = Value.ReadBy(RunName.Require),
    }.Offering(Suggestions.Runs(cli));

    internal static Argument<string> Argument(Cli cli) => new Argument<string>("RUN") { Description = "The run's name." }.Offering(Suggestions.Runs(cli));
}
