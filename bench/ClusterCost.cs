using System.Diagnostics;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Silo;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>What grains, journal and aggregation cost: rows a second of the embedded cluster over those of a bare loop, taken in turn in one run.</summary>
internal sealed class ClusterCost(string home, EmbeddedCluster cluster, TrainingPlan plan, Split split)
{
    private const int Rounds = 110;
    private const int Warmup = 10;
    private const int Pairs = 9;

    private readonly RunSchedule _schedule = RunSchedule.Of(plan, split.TrainRows);

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
        using var dataset = new DatasetStore(Path.Combine(home.Path, "data"), TimeProvider.System).Import(plan.Data, progress: null, CancellationToken.None);
        var split = Split.Of(dataset, new SplitFractions(plan.Seed, plan.ValidationFraction, plan.TestFraction));
        await new ClusterCost(home.Path, cluster, plan, split).Compare();
        return 0;
    }

    private async Task Compare()
    {
        await Embedded("first"); // compiles the code of both, and makes the flow
        var spec = FlowSpecJson.Read(await File.ReadAllBytesAsync(Path.Combine(home, "models", "first", "1", "flow.json")));
        var ratios = new List<double>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            var (embedded, bare) = pair % 2 == 0 ? (await Embedded($"cost-{pair}"), Bare(spec)) : Swapped(Bare(spec), await Embedded($"cost-{pair}"));
            ratios.Add(embedded / bare);
            Console.WriteLine($"embedded {embedded:F0} rows/s, bare loop {bare:F0} rows/s, ratio {embedded / bare:F3}");
        }

        Console.WriteLine($"median ratio {ratios.Order().ElementAt(Pairs / 2):F3}");

        static (double, double) Swapped(double bare, double embedded) => (embedded, bare);
    }

    private async Task<double> Embedded(string name)
    {
        var run = cluster.Grains.GetGrain<IRunGrain>(name);
        var progress = await run.Start(plan);
        while (progress.Step < Warmup) progress = await run.WaitForProgress(progress.Sequence);
        var (first, started) = (progress.Step, Stopwatch.GetTimestamp());
        while (progress.Step < Rounds) progress = await run.WaitForProgress(progress.Sequence);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        while (progress.Phase != RunPhase.Finished) progress = await run.WaitForProgress(progress.Sequence);
        return Rows((int)first) / seconds;
    }

    private double Bare(FlowSpec spec) => new BareLoop(spec, plan, new EpochOrder(split, plan.Seed), Environment.ProcessorCount).Run(Rounds, Warmup);

    /// <summary>Rows of the rounds from one on: the last of a pass is smaller.</summary>
    private double Rows(int first) =>
        Enumerable.Range(first, Rounds - first).Sum(round => Enumerable.Range(0, plan.Shards).Sum(shard => (double)_schedule.Slice(round, shard).Rows));
}
