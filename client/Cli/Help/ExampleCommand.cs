using System.CommandLine;

namespace FlowGrain.Cli.Help;

/// <summary>A command whose help begins with examples.</summary>
/// <param name="name">The command.</param>
/// <param name="description">What it does, in a sentence.</param>
/// <param name="examples">Two or three whole lines after the program's name.</param>
internal sealed class ExampleCommand(string name, string description, params string[] examples) : Command(name, description)
{
    internal IReadOnlyList<string> Examples { get; } = examples;
}
