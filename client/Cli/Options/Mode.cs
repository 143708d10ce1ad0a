using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Completion;
using FlowGrain.Cli.Output;
using FlowGrain.Training;

namespace FlowGrain.Cli.Options;

/// <summary>How the workers of a run meet.</summary>
internal static class Mode
{
    internal static Option<SyncMode> Option() => new Option<SyncMode>("--mode")
    {
        Description = "How the workers of a run meet: sync adds their gradients at every step, local averages their weights after some steps of their own, diloco steps towards that average with momentum. [default: sync]",
        HelpName = "sync|local|diloco",
        CustomParser = Parse,
    }.Offering(Enum.GetValues<SyncMode>().Select(Words.Of));

    private static SyncMode Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        foreach (var mode in Enum.GetValues<SyncMode>())
        {
            if (text == Words.Of(mode)) return mode;
        }

        result.AddError($"--mode is {text}; give sync, local or diloco.");
        return SyncMode.Sync;
    }
}
