using System.Text.Json;
using FlowGrain.Cli;
using FlowGrain.Cli.Doctor;
using FlowGrain.Cli.Output;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Client;

/// <summary>The command line with a fake cluster behind it and its words caught.</summary>
internal sealed class TestCli : IDisposable
{
    private readonly StringWriter _out = new(), _error = new();
    private readonly Interrupts _interrupts;

    internal TestCli(FakeCluster? cluster = null, Terminal? terminal = null)
    {
        Cluster = cluster ?? new();
        _interrupts = new(Ended.Add);
        Terminal = terminal ?? new(OutIsTerminal: false, ErrorIsTerminal: false, Width: 160, Height: 40, ColorDepth.None);
        Data = Write("your.csv", "a,b\n1,2\n");
    }

    internal FakeCluster Cluster { get; }

    internal Terminal Terminal { get; }

    /// <summary>Whether the cluster lives inside the command.</summary>
    internal bool Embedded { get; init; }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("flowgrain-cli-").FullName;

    internal string Home => Path.Combine(Folder, "home");

    /// <summary>A file that exists.</summary>
    internal string Data { get; }

    internal string Out => _out.ToString();

    internal string Error => _error.ToString();

    internal JsonElement Json => JsonDocument.Parse(Assert.Single(Out.TrimEnd().Split('\n'))).RootElement;

    internal IReadOnlyList<Func<CancellationToken, Task<Check>>> Checks { get; set; } = [];

    /// <summary>The home that <c>doctor</c> looked at.</summary>
    internal string? CheckedHome { get; private set; }

    /// <summary>How the cluster was told to log.</summary>
    internal Action<ILoggingBuilder> Logging { get; private set; } = _ => { };

    internal FakeTimeProvider Clock { get; } = new() { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };

    /// <summary>The clusters elsewhere that it was connected to.</summary>
    internal List<Uri> Reached { get; } = [];

    internal Dictionary<string, string> Variables { get; } = [];

    /// <summary>What was said at the end of the process.</summary>
    internal List<string> Ended { get; } = [];

    internal Task Interrupt(string by = "Ctrl+C") => _interrupts.Take(by);

    internal Task<int> Run(params string[] args)
    {
        _out.GetStringBuilder().Clear();
        _error.GetStringBuilder().Clear();
        return CommandLine.Run([.. args, "--home", Home], Host());
    }

    internal string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _interrupts.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    internal CliHost Host() => new(
        _out,
        _error,
        Terminal,
        name => Variables.GetValueOrDefault(name),
        (_, logging, _) =>
        {
            Logging = logging;
            return Task.FromResult(new ClusterConnection(Cluster, Embedded ? new MemoryStream() : null));
        },
        (silo, _, _, _) =>
        {
            Reached.Add(silo);
            return Task.FromResult(new ClusterConnection(Cluster));
        },
        home =>
        {
            CheckedHome = home;
            return Checks;
        },
        Clock,
        _interrupts);
}
