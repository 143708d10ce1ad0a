using System.Diagnostics;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Silo;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>What grains, journal and aggregation cost: rows a second of the embedded cluster over those of a bare loop, taken in turn in one run.</summary>
internal static class ClusterCost
{
    private const int Rounds = 40;
    private const int Warmup = 8;
    private const int Pairs = 5;

    internal static async Task<int> Run(string file)
    {
        using var home = new TemporaryHome();
        await using var cluster = await EmbeddedCluster.Start(home.Path, [], CancellationToken.None);
        var plan = new TrainingPlan
        {
            Data = new DataSelection(file, ["longitude", "latitude"], [], MissingRows.Refuse),
            Steps = Rounds,
            ValidationFraction = 0,
        };
        var ratios = new List<double>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            var embedded = await Embedded(cluster, $"cost-{pair}", plan);
            var bare = Bare(home.Path, $"cost-{pair}", plan);
            ratios.Add(embedded / bare);
            Console.WriteLine($"embedded {embedded:F0} rows/s, bare loop {bare:F0} rows/s, ratio {embedded / bare:F3}");
        }

        Console.WriteLine($"median ratio {ratios.Order().ElementAt(Pairs / 2):F3}");
        return 0;
    }

    private static async Task<double> Embedded(EmbeddedCluster cluster, string name, TrainingPlan plan)
    {
        var run = cluster.Grains.GetGrain<IRunGrain>(name);
        var progress = await run.Start(plan);
        while (progress.Step < Warmup) progress = await run.WaitForProgress(progress.Sequence);
        var (first, started) = (progress.Step, Stopwatch.GetTimestamp());
        while (progress.Step < Rounds) progress = await run.WaitForProgress(progress.Sequence);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        while (progress.Phase != RunPhase.Finished) progress = await run.WaitForProgress(progress.Sequence);
        return (Rounds - first) * (double)plan.BatchRows * plan.Shards / seconds * RowsShare(plan, first);
    }

    // A pass ends with a smaller round: count what the rounds really held.
    private static double RowsShare(TrainingPlan plan, long first)
    {
        var schedule = new RunSchedule(TrainRows, (long)plan.BatchRows * plan.Shards, plan.Shards);
        var rows = Enumerable.Range((int)first, Rounds - (int)first).Sum(round => Enumerable.Range(0, plan.Shards).Sum(shard => (long)schedule.Slice(round, shard).Rows));
        return rows / ((Rounds - first) * (double)plan.BatchRows * plan.Shards);
    }

    private static long TrainRows { get; set; }

    private static double Bare(string home, string name, TrainingPlan plan)
    {
        var store = new DatasetStore(Path.Combine(home, "data"), TimeProvider.System);
        using var dataset = store.Import(plan.Data, progress: null, CancellationToken.None);
        var split = Split.Of(dataset, new SplitFractions(plan.Seed, plan.ValidationFraction, plan.TestFraction));
        TrainRows = split.TrainRows;
        var spec = FlowSpecJson.Read(File.ReadAllBytes(Path.Combine(home, "models", name, "1", "flow.json")));
        return new BareLoop(spec, plan, new EpochOrder(split, plan.Seed), Environment.ProcessorCount).Run(Rounds, Warmup);
    }
}
