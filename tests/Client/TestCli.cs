using System.Text.Json;
using FlowGrain.Cli;
using FlowGrain.Cli.Doctor;
using FlowGrain.Cli.Output;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Client;

/// <summary>The command line with a fake cluster behind it and its words caught.</summary>
internal sealed class TestCli : IDisposable
{
    private readonly StringWriter _out = new(), _error = new();
    private readonly CancellationTokenSource _interrupted = new();

    internal TestCli(FakeCluster? cluster = null, Terminal? terminal = null)
    {
        Cluster = cluster ?? new();
        Terminal = terminal ?? new(OutIsTerminal: false, ErrorIsTerminal: false, Width: 160, Height: 40, ColorDepth.None);
        Data = Write("your.csv", "a,b\n1,2\n");
    }

    internal FakeCluster Cluster { get; }

    internal Terminal Terminal { get; }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("flowgrain-cli-").FullName;

    internal string Home => Path.Combine(Folder, "home");

    /// <summary>A file that exists.</summary>
    internal string Data { get; }

    internal string Out => _out.ToString();

    internal string Error => _error.ToString();

    internal JsonElement Json => JsonDocument.Parse(Assert.Single(Out.TrimEnd().Split('\n'))).RootElement;

    internal IReadOnlyList<Func<CancellationToken, Task<Check>>> Checks { get; set; } = [];

    internal Dictionary<string, string> Variables { get; } = [];

    internal void Interrupt() => _interrupted.Cancel();

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
        _interrupted.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private CliHost Host() => new(
        _out,
        _error,
        Terminal,
        name => Variables.GetValueOrDefault(name),
        (_, _) => Task.FromResult(new ClusterConnection(Cluster)),
        _ => Checks,
        new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) },
        _interrupted.Token);
}
