using System.Text.Json;
using FlowGrain.Training;

namespace FlowGrain.Tests.Client.Training;

/// <summary>What <c>train --trace</c> writes.</summary>
public sealed class TraceFileTests : IDisposable
{
    private static readonly DateTimeOffset Begun = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    private readonly TestCli _cli = new(new FakeCluster { Updates = [Examples.Training, Examples.Finished], Rounds = new([Round(1, 0), Round(1, 0), Round(2, 1.5)]) });

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Every_round_is_there_once_with_slots_as_threads_of_silos()
    {
        var path = Path.Combine(_cli.Folder, "trace.json");
        _cli.Clock.AutoAdvanceAmount = TimeSpan.FromSeconds(0.3); // so that it asks
        Assert.Equal(0, await _cli.Run("train", _cli.Data, "--trace", path));
        var events = JsonDocument.Parse(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).RootElement.GetProperty("traceEvents").EnumerateArray().ToList();

        var computed = events.Where(one => Text(one, "ph") == "X").ToList();
        Assert.Equal([10_000, 1_510_000], computed.Select(one => Math.Round(one.GetProperty("ts").GetDouble())));
        Assert.All(computed, one => Assert.Equal(("shard.compute", 20_000, 2, 3), (Text(one, "name"), Math.Round(one.GetProperty("dur").GetDouble()), one.GetProperty("pid").GetInt32(), one.GetProperty("tid").GetInt32())));
        Assert.Equal([1, 2], computed.Select(one => one.GetProperty("args").GetProperty("round").GetInt32()));
        Assert.Equal(["silo a", "silo b"], events.Where(one => Text(one, "name") == "process_name").Select(one => Text(one.GetProperty("args"), "name")));
        Assert.Equal("slot 2", Text(Assert.Single(events, one => Text(one, "name") == "thread_name").GetProperty("args"), "name"));
        Assert.Equal(["b", "e", "b", "e"], events.Where(one => Text(one, "name") == "round").Select(one => Text(one, "ph")));
    }

    [Fact]
    public async Task A_file_of_another_format_is_refused()
    {
        Assert.Equal(2, await _cli.Run("train", _cli.Data, "--trace", "trace.png"));
        Assert.Contains("--trace trace.png ends in no format that can be written; end it in .json.", _cli.Error);
    }

    private static TracedRound Round(long round, double later) => new(
        $"trace{round}", round, Begun.AddSeconds(later), 0.05,
        [new($"r{round}", null, Spans.Round, "a", null, null, 0, 0.05), new($"c{round}", $"r{round}", Spans.Compute, "b", 2, 5, 0.01, 0.02)]);

    private static string? Text(JsonElement element, string property) => element.GetProperty(property).GetString();
}
