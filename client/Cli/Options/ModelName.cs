using System.CommandLine;
using FlowGrain.Cli.Completion;
using FlowGrain.Client;

namespace FlowGrain.Cli.Options;

/// <summary>How a command is told which model to use.</summary>
internal static class ModelName
{
    internal static Option<ModelReference> Option(Cli cli) => new Option<ModelReference>("--model")
    {
        Description = "The model; its champion, or else its newest version, unless one is named.",
        HelpName = "NAME[@VERSION|@ALIAS]",
        Required = true,
        CustomParser = Value.ReadBy(ModelReference.Parse),
    }.Offering(Suggestions.Models(cli));

    internal static Argument<ModelReference> Argument(Cli cli) => new Argument<ModelReference>("MODEL")
    {
        Description = "NAME, NAME@VERSION or NAME@ALIAS.",
        CustomParser = Value.ReadBy(ModelReference.Parse),
    }.Offering(Suggestions.Models(cli));
}
