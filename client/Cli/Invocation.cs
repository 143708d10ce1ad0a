using System.CommandLine;
using FlowGrain.Cli.Output;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Silo.Observing;
using Microsoft.Extensions.Logging;

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

    /// <summary>Whether the user named the home.</summary>
    internal bool HasHome { get; } = parsed.GetValue(cli.Options.Home) is not null;

    /// <summary>A silo of the cluster to work on; null for the one inside this command.</summary>
    internal Uri? Remote { get; } = parsed.GetValue(cli.Options.Cluster);

    /// <summary>Where runs and models lie, for sentences that say what is not there.</summary>
    internal string Place => Remote is { } silo ? $"in the cluster of {SiloAddress.Of(silo)}" : $"under {Home.Place}";

    /// <summary>What stdout and stderr can show.</summary>
    internal Terminal Terminal { get; } = parsed.GetValue(cli.Options.NoColor) ? cli.Host.Terminal.WithoutColor() : cli.Host.Terminal;

    /// <summary>Time since the command began.</summary>
    internal double Seconds => Host.Clock.GetElapsedTime(_started).TotalSeconds;

    internal Talk Talk => field ??= new(Host.Error, Terminal);

    internal Task<ClusterConnection> Connect(CancellationToken cancellation) => Remote is { } silo
        ? Host.Reach(silo, Host.Variable("FLOWGRAIN_API_KEY"), Say, cancellation)
        : Host.Connect(Home.Path, Log, cancellation);

    /// <summary>Returns when the command may write there; null is nowhere.</summary>
    /// <param name="output">The file to write.</param>
    /// <param name="input">The file that it is made from; null where there is none.</param>
    /// <exception cref="BadInputException">The home keeps something there, or it is the input.</exception>
    internal void RequireOutput(string? output, string? input = null)
    {
        if (output is not null) OutputPlace.Require(output, new StorageOptions { Root = Home.Path }, input);
    }

    /// <summary>Talk: a line for people, on stderr.</summary>
    internal void Say(string line)
    {
        if (!Quiet) Talk.Line(line);
    }

    /// <summary>Talk: something that changes no exit code, but perhaps what its reader makes of the answer; null says nothing.</summary>
    internal void Warn(string? sentence)
    {
        if (sentence is not null) Say($"warning: {sentence}");
    }

    private void Log(ILoggingBuilder logging) => logging
        .AddProvider(new TalkLog(Talk, Verbose, Host.Variable("Logging__Console__FormatterName") == JsonLog.Name ? Host.Clock : null))
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

    /// <summary>Data for people: words, in lines that end between two of them where the screen does.</summary>
    internal void PrintWords(string text)
    {
        foreach (var line in Fitting.Lines(text, Room)) Print(line);
    }

    /// <summary>Data for people: a table, as much of it as the screen has room for.</summary>
    internal void Print(TextTable table)
    {
        var fit = table.Fit(Room);
        Consoles.For(Host.Out, Terminal.OutIsTerminal, Terminal with { Width = fit.Total }).Write(table.Draw(fit));
        if (table.Missing(fit).ToArray() is not { Length: > 0 } missing) return;
        foreach (var line in Fitting.Lines($"{Terminal.Width} characters have no room for {string.Join(", ", missing)}; --json has all.", Room)) Say(line);
    }

    // A file or a pipe has room for any line.
    private int Room => Terminal.OutIsTerminal ? Terminal.Width : int.MaxValue;

    /// <summary>A command that works as it stands here: same program, same home or cluster.</summary>
    internal string Suggest(string arguments) => $"{Host.Program} {arguments}{(Remote is { } silo ? $" --cluster {Quoting.ForShell(SiloAddress.Of(silo))}" : Home.Suffix)}";
}
