using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Completion;
using FlowGrain.Client;

namespace FlowGrain.Cli.Options;

/// <summary>How a command is told which version of a run: it is named as the model that it makes.</summary>
internal static class RunVersion
{
    internal static Argument<ModelReference> Argument(Cli cli) => new Argument<ModelReference>("RUN[@VERSION]")
    {
        Description = "The run; its newest version unless one is named.",
        CustomParser = Parse,
    }.Offering(Suggestions.Runs(cli));

    private static ModelReference? Parse(ArgumentResult result)
    {
        try
        {
            if (ModelReference.Parse(result.Tokens[0].Value) is { Alias: null } version) return version;
        }
        catch (BadInputException)
        {
            // It names no model either, and so no run.
        }

        result.AddError($"'{result.Tokens[0].Value}' does not name a run; give RUN or RUN@VERSION, such as zipcodes@1.");
        return null;
    }
}
