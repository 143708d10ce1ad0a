using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Completion;
using FlowGrain.Data;

namespace FlowGrain.Cli.Options;

/// <summary>What to do with rows that have missing values.</summary>
internal static class Missing
{
    internal static Option<MissingRows> Option(string description) => new Option<MissingRows>("--missing")
    {
        Description = $"{description} [default: refuse]",
        HelpName = "drop|refuse",
        CustomParser = Parse,
    }.Offering("drop", "refuse");

    private static MissingRows Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text is "drop") return MissingRows.Drop;
        if (text is not "refuse") result.AddError($"--missing is {text}; give drop or refuse.");
        return MissingRows.Refuse;
    }
}
