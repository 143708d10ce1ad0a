using System.Text.Json;
using FlowGrain.Cli;
using FlowGrain.Cli.Output;
using FlowGrain.Client;
using FlowGrain.Silo;
using FlowGrain.Tests.Grains.Serving;

namespace FlowGrain.Tests.Client.BadInput;

/// <summary>The command line on an embedded cluster that outlives its commands, with a model <c>m</c> of the columns x0 and x1.</summary>
public sealed class RealCli : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private EmbeddedCluster _cluster = null!;

    public RealCli() => Home = _folder.In("home");

    /// <summary>One whose home is elsewhere.</summary>
    internal RealCli(string home) => Home = home;

    internal string Home { get; }

    internal IGrainFactory Grains => _cluster.Grains;

    /// <summary>A path beside the home.</summary>
    internal string In(string name) => Path.Combine(_folder.Path, "tables", name);

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.Start(Home, ["Devices:Cpu=1"], TestContext.Current.CancellationToken);
        StoredModels.In(Home).Publish(StoredModels.Some("m"), []);
        Directory.CreateDirectory(Path.Combine(Home, "data"));
        Directory.CreateDirectory(In(""));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Runs a command as its user would type it.</summary>
    internal async Task<CliAnswer> Run(params string[] words)
    {
        using var interrupts = new Interrupts(_ => { });
        var (output, error, before) = (new StringWriter(), new StringWriter(), Tree());
        var host = new CliHost(
            output, error, new Terminal(false, false, 160, 40, ColorDepth.None), _ => null, (_, _, _) => Task.FromResult(Connection()), (_, _, _, _) => throw new NotSupportedException(), _ => [], TimeProvider.System, interrupts);
        var code = await CommandLine.Run([.. words, "--home", Home], host).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString(), [.. Tree().Except(before)]);
    }

    // Owned by nobody: the silo outlives the command.
    private ClusterConnection Connection() => new(new GrainCluster(Grains, TimeProvider.System), new MemoryStream());

    /// <summary>Everything in home and beside it but the journal, and what is remembered of a source: its hash.</summary>
    private string[] Tree() => [.. new[] { _folder.Path, Home }.SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)).Distinct().Where(path => !path.Contains("/data/sources", StringComparison.Ordinal) && !path.Contains("/journal.db", StringComparison.Ordinal))];
}

/// <summary>What a command said and did.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Out">Its stdout.</param>
/// <param name="Error">Its stderr.</param>
/// <param name="Left">Files and folders that were not there before.</param>
internal sealed record CliAnswer(int Code, string Out, string Error, string[] Left)
{
    internal JsonElement Json => JsonDocument.Parse(Assert.Single(Out.TrimEnd().Split('\n'))).RootElement;

    /// <summary>The one sentence of a refusal; a second line only points to the help.</summary>
    internal string Sentence => Assert.Single(Error.TrimEnd().Split('\n'), line => !line.StartsWith("See flowgrain ", StringComparison.Ordinal));

    /// <summary>That it was refused with exit code 2 and one sentence that has these words, and left nothing behind.</summary>
    internal void RequireRefusal(params IEnumerable<string> words)
    {
        Assert.True(Code == ExitCode.Usage, $"exit code {Code}: {Error}{Out}");
        Assert.All(words, word => RequireWord(word, Sentence));
        Assert.Matches("[;:,] [^;]+[.?]$", Sentence); // it ends with what to do
        Assert.DoesNotContain("Exception", Sentence);
        Assert.DoesNotContain("Error:", Sentence);
        Assert.Empty(Out);
        Assert.Empty(Left);
    }

    /// <summary>That a sentence has a word, or one of several.</summary>
    internal static void RequireWord(string word, string sentence) =>
        Assert.True(word.Split('|').Any(either => sentence.Contains(either, StringComparison.Ordinal)), $"'{word}' is missing in: {sentence}");
}
