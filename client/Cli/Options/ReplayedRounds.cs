using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FlowGrain.Cli.Completion;

namespace FlowGrain.Cli.Options;

/// <summary>How many rounds a replay makes.</summary>
internal static class ReplayedRounds
{
    private const string All = "all";
    private const long Default = 50;
    private const long Every = long.MaxValue; // the parser cannot give a null

    internal static Option<long> Option() => new Option<long>("--rounds")
    {
        Description = "Rounds to replay, from the first; all compares the published weights too.",
        HelpName = "N|all",
        DefaultValueFactory = _ => Default,
        CustomParser = Parse,
    }.Offering(All);

    /// <summary>What was asked for; null for all.</summary>
    internal static long? Rounds(this ParseResult parsed, Option<long> option) => parsed.GetValue(option) is var rounds and not Every ? rounds : null;

    private static long Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == All) return Every;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0) return rounds;
        result.AddError($"--rounds is {text}; give a whole number of at least 1, or all.");
        return Default;
    }
}
