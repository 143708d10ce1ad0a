using System.CommandLine;
using FlowGrain.Cli.Output;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace FlowGrain.Cli;

/// <summary>One invocation of a command: where its words go, and its cluster.</summary>
internal sealed class Invocation(Cli cli, ParseResult parsed)
{
    private readonly long _started = cli.Host.Clock.GetTimestamp();

    internal CliHost Host => cli.Host;

    internal bool Json { get; } = parsed.GetValue(cli.Options.Json);

    internal bool Quiet { get; } = parsed.GetValue(cli.Options.Quiet);

    internal bool Verbose { get; } = parsed.GetValue(cli.Options.Verbose);

    internal HomeFolder Home { get; } = cli.HomeOf(parsed);

    /// <summary>What stdout and stderr can show.</summary>
    internal Terminal Terminal { get; } = parsed.GetValue(cli.Options.NoColor) ? cli.Host.Terminal.WithoutColor() : cli.Host.Terminal;

    /// <summary>Time since the command began.</summary>
    internal double Seconds => Host.Clock.GetElapsedTime(_started).TotalSeconds;

    internal Talk Talk => field ??= new(Host.Error, Terminal);

    internal Task<ClusterConnection> Connect(CancellationToken cancellation) => Host.Connect(Home.Path, Log, cancellation);

    /// <summary>Talk: a line for people, on stderr.</summary>
    internal void Say(string line)
    {
        if (!Quiet) Talk.Line(line);
    }

    private void Log(ILoggingBuilder logging) => logging
        .AddProvider(new TalkLog(Talk, Verbose))
        .SetMinimumLevel(Quiet ? LogLevel.Error : Verbose ? LogLevel.Debug : LogLevel.Warning);

    /// <summary>Data: a line on stdout.</summary>
    internal void Print(string line) => Host.Out.WriteLine(line);

    /// <summary>Data: one JSON object on a line.</summary>
    internal void PrintJson(object document) => Host.Out.WriteLine(JsonLine.Of(document));

    /// <summary>Prints the object with <c>--json</c>, else lets a person read it.</summary>
    internal int Answer(object document, Action forPeople)
    {
        if (Json) PrintJson(document);
        else forPeople();
        return ExitCode.Ok;
    }

    /// <summary>Tables and colours on stdout.</summary>
    internal IAnsiConsole Screen => Consoles.For(Host.Out, Terminal.OutIsTerminal, Terminal);

    /// <summary>A command that works as it stands here: same program, same home.</summary>
    internal string Suggest(string arguments) => $"{Host.Program} {arguments}{Home.Suffix}";
}
