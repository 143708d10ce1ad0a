using System.CommandLine;
using FlowGrain.Client;

namespace FlowGrain.Cli.Options;

/// <summary>How a command is told which model to use.</summary>
internal static class ModelName
{
    internal static Option<ModelReference> Option() => new("--model")
    {
        Description = "The model; its newest version unless one is named.",
        HelpName = "NAME[@VERSION]",
        Required = true,
        CustomParser = Value.ReadBy(ModelReference.Parse),
    };

    internal static Argument<ModelReference> Argument() => new("MODEL")
    {
        Description = "NAME or NAME@VERSION.",
        CustomParser = Value.ReadBy(ModelReference.Parse),
    };
}
