using System.Collections.Immutable;
using System.Text;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using FlowGrain.Training;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>What is said of a run is kept with it.</summary>
public sealed class RunLogTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private RunLogFolder Log => new(new StorageOptions { Root = _folder.Path }, "m");

    private string LogPath => _folder.In("runs/m/log");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_story_of_a_run_outlives_the_process_that_made_it_and_goes_with_the_run()
    {
        const string Story = "story"; // no other test of this process has a run of this name, whose trace it would be

        using var folder = new TempFolder();
        await using (var first = await EmbeddedFixture.Start(folder: folder)) await first.Train(Story, first.Plan("nice", steps: 5));
        await using var later = await EmbeddedFixture.Start(folder: folder);
        var lines = await Read(later, Story);
        Assert.Equal(["RunStarted", "RunPublished"], lines.Select(line => line.Event));
        Assert.All(lines, line => Assert.Equal((LogLevel.Information, "127.0.0.1:11111", null), (line.Level, line.Silo, line.Error)));
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(lines.Select(line => line.TraceId).Distinct())); // that of the run
        Assert.StartsWith($"Run '{Story}' version 1 starts at step 0 of 5", lines[0].Message);

        await later.Run(Story).Delete();
        var gone = await Assert.ThrowsAsync<NotFoundException>(() => Read(later, Story));
        Assert.Equal($"Nothing is kept of what was said of a run '{Story}'; 'flowgrain runs' lists those that there are.", gone.Message);
    }

    [Fact]
    public async Task A_failure_says_why_and_what_caused_that()
    {
        await using var embedded = await EmbeddedFixture.Start();
        Logger(embedded).RunFailed(new InvalidOperationException("odd", new IOException("no\nspace")), "m", step: 3);
        var line = Assert.Single(await ReadWhenThere(embedded));
        Assert.Equal((LogLevel.Error, "RunFailed", "Run 'm' failed at step 3", "InvalidOperationException: odd < IOException: no space"), (line.Level, line.Event, line.Message, line.Error));
    }

    [Fact]
    public async Task What_is_of_no_run_or_of_a_name_that_no_run_has_is_not_kept()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var log = Logger(embedded);
        log.NotRevived(new IOException("odd"));
        log.LogWarning("The word {Word}", "m");
        log.LogWarning("Run {Run}", "../../elsewhere");
        log.RunStopped("m", 1);
        Assert.Equal(["RunStopped"], (await ReadWhenThere(embedded)).Select(line => line.Event));
        Assert.Equal(["m"], Directory.EnumerateDirectories(Path.Combine(embedded.Home, "runs")).Select(Path.GetFileName));
    }

    [Fact]
    public void Lines_of_several_silos_come_by_their_times_and_each_comes_once()
    {
        var (a, b) = (Log.Begin(Noon), Log.Begin(Noon));
        Write(a, (1, "a1"), (4, "a2"));
        Write(b, (2, "b1"), (3, "b2"));
        var first = Log.Read([]);
        Assert.Equal(["a1", "b1", "b2", "a2"], first.Select(line => line.Message));
        Write(b, (5, "b3"));
        Write(a, (6, "a3"));
        Assert.Equal(["b3", "a3"], Log.Read(Read(first)).Select(line => line.Message));
    }

    [Fact]
    public void A_line_that_is_being_written_waits_until_it_is_whole_and_one_that_a_crash_tore_hides_no_other()
    {
        var file = Log.Begin(Noon);
        Write(file, (1, "one"));
        Log.Append(file, "{\"time\":\"2026-01"u8);
        Assert.Equal(["one"], Log.Read([]).Select(line => line.Message));
        Log.Append(file, "\0\0\n"u8);
        Write(file, (2, "two"));
        Assert.Equal(["one", "two"], Log.Read([]).Select(line => line.Message));
    }

    [Fact]
    public void The_oldest_files_give_way_and_the_newest_lines_stay()
    {
        var clock = new FakeTimeProvider(Noon);
        var file = new RunLogFile(Log, clock);
        var filling = new string('x', RunLogFolder.FileBytes);
        for (var line = 0; line < RunLogFolder.MostFiles + 3; line++)
        {
            file.Append([new(clock.GetUtcNow(), "a", LogLevel.Information, $"{line}", filling)]);
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(RunLogFolder.MostFiles, Directory.EnumerateFiles(LogPath).Count());
        Assert.Equal(Enumerable.Range(3, RunLogFolder.MostFiles).Select(line => $"{line}"), Log.Read([]).Select(line => line.Event));
    }

    [Fact]
    public async Task What_a_disk_did_not_take_is_counted_when_it_takes_again()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (log, runs) = (Logger(embedded), Path.Combine(embedded.Home, "runs"));
        var before = await ReadAfter(embedded, () => log.RunStopped("m", 1), count: 1);
        Directory.Move(runs, runs + "-away");
        await File.WriteAllTextAsync(runs, "in its place", Cancellation);
        log.RunStopped("m", 2);
        log.RunStopped("m", 3);
        log.RunStopped("other", 4);
        await Until(() => Lost(embedded) == 3);
        File.Delete(runs);
        Directory.Move(runs + "-away", runs);
        var after = await ReadAfter(embedded, () => log.RunStopped("m", 5), count: before.Length + 2);
        Assert.Equal(["RunStopped", "LinesLost", "RunStopped"], after.Select(line => line.Event));
        Assert.Equal("3 lines of this silo could not be kept; its own log has them", after[1].Message);
    }

    private static ILogger Logger(EmbeddedFixture embedded) => embedded.Service<ILoggerFactory>().CreateLogger("FlowGrain.Tests");

    private static int Lost(EmbeddedFixture embedded) => embedded.Service<IEnumerable<ILoggerProvider>>().OfType<RunLog>().Single().Lost;

    private static Task<ImmutableArray<RunLogLine>> ReadWhenThere(EmbeddedFixture embedded) => ReadAfter(embedded, () => { }, count: 1);

    /// <summary>All lines, as soon as there are so many.</summary>
    private static async Task<ImmutableArray<RunLogLine>> ReadAfter(EmbeddedFixture embedded, Action act, int count)
    {
        act();
        var lines = ImmutableArray<RunLogLine>.Empty;
        await Until(() => Directory.Exists(Path.Combine(embedded.Home, "runs/m/log")) && (lines = new RunLogFolder(new StorageOptions { Root = embedded.Home }, "m").Read([])).Length >= count);
        return lines;
    }

    private static async Task Until(Func<bool> reached)
    {
        while (!reached())
        {
            Cancellation.ThrowIfCancellationRequested();
            await Task.Yield(); // another thread writes
        }
    }

    private static async Task<ImmutableArray<RunLogLine>> Read(EmbeddedFixture embedded, string run)
    {
        var lines = ImmutableArray<RunLogLine>.Empty;
        await foreach (var piece in embedded.Cluster.Grains.ReadLog(run, follow: false, TimeProvider.System, Cancellation)) lines = lines.AddRange(piece);
        return lines;
    }

    private static ImmutableDictionary<string, long> Read(ImmutableArray<RunLogLine> lines) =>
        lines.GroupBy(line => line.File).ToImmutableDictionary(file => file.Key, file => file.Max(line => line.End));

    private void Write(string file, params (int Second, string Message)[] lines) => Log.Append(
        file, Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{Json.Text(new RunLogLine(Noon.AddSeconds(line.Second), "a", LogLevel.Information, "E", line.Message))}\n"))));
}
