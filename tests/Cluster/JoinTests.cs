using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Tests.Grains.Training;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>A silo that starts while a run trains.</summary>
public sealed class JoinTests : ClusterTest
{
    private const int Rows = 1 << 16;

    private protected override Task Begin(SiloCluster cluster) => cluster.Start("a");

    [Fact(Timeout = 300_000)]
    public async Task Its_workers_compute_shards_within_two_rounds_of_the_run_that_they_join()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var (joining, joined) = (Task.CompletedTask, 0L);
        var result = await Cluster.Train("m", Plan(), progress =>
        {
            if (progress.Step > 0 && joining == Task.CompletedTask) joining = Cluster.Start("b", slots: 2);
            if (joined == 0 && progress.Workers > 1) joined = progress.Step;
            return Task.CompletedTask;
        });
        await joining;
        Assert.True(joined > 0, "the run ended before the silo was there");
        var rounds = RunRecords.Rounds(result.Path);
        Assert.Equal(1, rounds[0].Workers);
        Assert.InRange(rounds.First(round => round.Workers > 1).Step, joined, joined + 2);
    }

    /// <summary>Rounds of about a second on one slot, of equal size.</summary>
    private TrainingPlan Plan() => Embedded.Plan() with
    {
        Data = new DataSelection(Embedded.Write("wide.csv", Table()), [], [], MissingRows.Refuse),
        Settings = ImmutableSortedDictionary<string, string>.Empty,
        ValidationFraction = 0,
        Shards = 8,
        BatchRows = Rows / 2 / 8,
        Steps = 20,
    };

    private static IEnumerable<string> Table()
    {
        var random = new CounterRandom(1, "wide");
        return Enumerable.Range(0, Rows).Select(row => string.Join(',', Enumerable.Range(0, 4).Select(column => random.Normal(4L * row + column).ToString("F6", CultureInfo.InvariantCulture)))).Prepend("a,b,c,d");
    }
}
