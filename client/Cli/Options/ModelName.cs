using System.CommandLine;
using System.CommandLine.Parsing;
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
        CustomParser = Parse,
    };

    internal static Argument<ModelReference> Argument() => new("MODEL")
    {
        Description = "NAME or NAME@VERSION.",
        CustomParser = Parse,
    };

    private static ModelReference? Parse(ArgumentResult result)
    {
        try
        {
            return ModelReference.Parse(result.Tokens[0].Value);
        }
        catch (BadInputException error)
        {
            result.AddError(error.Message);
            return null;
        }
    }
}
