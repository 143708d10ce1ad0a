using System.CommandLine;
using System.CommandLine.Parsing;
using FlowGrain.Cli.Completion;
using FlowGrain.Data;

namespace FlowGrain.Cli.Options;

/// <summary>What to do with rows that have missing values.</summary>
internal static class Missing
{
    /// <summary>For rows to score: a model that was trained with missing values takes them anyway.</summary>
    internal static Option<MissingRows> Option(string description) => Option(description, "drop", "refuse");

    /// <summary>For rows to train on.</summary>
    internal static Option<MissingRows> ForTraining(string description) => Option(description, "drop", "mask", "refuse");

    private static Option<MissingRows> Option(string description, params string[] words) => new Option<MissingRows>("--missing")
    {
        Description = $"{description} [default: refuse]",
        HelpName = string.Join('|', words),
        CustomParser = result => Parse(result, words),
    }.Offering(words);

    private static MissingRows Parse(ArgumentResult result, string[] words)
    {
        var text = result.Tokens[0].Value;
        if (!words.Contains(text)) result.AddError($"--missing is {text}; give {string.Join(", ", words[..^1])} or {words[^1]}.");
        return text switch
        {
            "drop" => MissingRows.Drop,
            "mask" => MissingRows.Mask,
            _ => MissingRows.Refuse,
        };
    }
}
