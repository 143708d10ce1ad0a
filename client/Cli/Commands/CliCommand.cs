using System.CommandLine;

namespace FlowGrain.Cli.Commands;

/// <summary>A command whose help begins with examples, and whose rules across options are all checked at once.</summary>
/// <param name="name">The command.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Two or three whole lines after the program's name.</param>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    internal IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>
    /// Faults across options, none where all is well. Not the parser's validators: those would hide the faults of single
    /// options. A rule may look at which options are there, not at their values, which may not have parsed.
    /// </summary>
    internal List<Func<ParseResult, IEnumerable<string>>> Rules { get; } = [];
}

/// <summary>What a rule may ask.</summary>
internal static class GivenOptions
{
    /// <summary>Whether the user wrote the option.</summary>
    internal static bool Has(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
