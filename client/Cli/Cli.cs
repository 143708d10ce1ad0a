using System.CommandLine;

namespace FlowGrain.Cli;

/// <summary>What every command is made with.</summary>
/// <param name="Host">The process around it.</param>
/// <param name="Options">The options that all commands share.</param>
internal sealed record Cli(CliHost Host, GlobalOptions Options)
{
    /// <summary>Opens one invocation of a command.</summary>
    internal Invocation Open(ParseResult parsed) => new(this, parsed);

    /// <summary>The home that a command line means.</summary>
    internal HomeFolder HomeOf(ParseResult parsed) => HomeFolder.Choose(parsed.GetValue(Options.Home), Host.Variable);
}
