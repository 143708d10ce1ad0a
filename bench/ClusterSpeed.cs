using System.Collections.Immutable;
using System.Diagnostics;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>One silo process, two of them and a bare loop on the same rounds, a slot each: rows a second, taken in turn in one run; then the memory of a silo over many rounds.</summary>
internal sealed class ClusterSpeed(SiloProcesses one, SiloProcesses two, TrainingPlan plan, TrainingPlan onTwo, Func<int, BareLoop> bare)
{
    private const int Columns = 6;
    private const int Rounds = 60;
    private const int Warmup = 10;
    private const int Triples = 5;
    private const int LongRun = 2000;
    private const int Every = 200;
    private const double LeastSpeedup = 1.85;
    private const double LeastOfBare = 0.95;

    internal static async Task<int> Run()
    {
        using var home = new TemporaryHome();
        var (first, second) = (Directory.CreateDirectory(Path.Combine(home.Path, "one")).FullName, Directory.CreateDirectory(Path.Combine(home.Path, "two")).FullName);
        var table = NormalTable.Write(first, Columns);
        File.Copy(table, Path.Combine(second, Path.GetFileName(table)));
        await using var one = await SiloProcesses.Start(first, silos: 1);
        await using var two = await SiloProcesses.Start(second, silos: 2);
        var plan = new TrainingPlan
        {
            Data = new DataSelection(table, [], [], MissingRows.Refuse),
            Settings = ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "5").Add("hidden", "128").Add("blocks", "1").Add("bins", "8"),
            Steps = Rounds,
            BatchRows = 4096,
            Shards = 8,
            ValidationFraction = 0,
        };
        await Train(one, "first", plan); // makes the flow, and compiles
        var onTwo = plan with { Data = plan.Data with { Path = Path.Combine(second, Path.GetFileName(table)) } };
        await Train(two, "first", onTwo);
        var spec = FlowSpecJson.Read(await File.ReadAllBytesAsync(Path.Combine(first, "models", "first", "1", "flow.json")));
        using var dataset = new DatasetStore(Path.Combine(home.Path, "data"), TimeProvider.System).Import(plan.Data, progress: null, CancellationToken.None);
        var order = new EpochOrder(Split.Of(dataset, new SplitFractions(plan.Seed, plan.ValidationFraction, plan.TestFraction)), plan.Seed);
        var speed = new ClusterSpeed(one, two, plan, onTwo, threads => new BareLoop(spec, plan, order, threads));
        return await speed.Compare() & await speed.Memory() ? 0 : 1;
    }

    private async Task<bool> Compare()
    {
        var (speedups, shares, ceilings) = (new List<double>(), new List<double>(), new List<double>());
        for (var triple = 0; triple < Triples; triple++)
        {
            var (alone, both) = (bare(1).Run(Rounds, Warmup), bare(2).Run(Rounds, Warmup));
            var (single, pair) = (await Train(one, $"{triple}", plan), await Train(two, $"{triple}", onTwo));
            speedups.Add(pair / single);
            shares.Add(single / alone);
            ceilings.Add(both / alone);
            Console.WriteLine($"bare loop {alone:F0} rows/s, on two threads {both:F0} ({both / alone:F3} times), one silo {single:F0} ({single / alone:F3} of the bare loop), two silos {pair:F0} ({pair / single:F3} times one)");
        }

        var (speedup, share, ceiling) = (Median(speedups), Median(shares), Median(ceilings));
        Console.WriteLine($"median: two silos {speedup:F3} times one (target {LeastSpeedup}; two threads without a cluster {ceiling:F3} times one), one silo {share:F3} of the bare loop (target {LeastOfBare})");
        return speedup >= LeastSpeedup && share >= LeastOfBare;
    }

    /// <summary>Whether the memory of both silos stays where it was after the first fifth of a long run.</summary>
    private async Task<bool> Memory()
    {
        const double Flat = 1.1;

        var run = two.Grains.GetGrain<IRunGrain>("long");
        var progress = await run.Start(onTwo with { Steps = LongRun });
        var most = new List<long>();
        for (long next = Every; progress.Phase is RunPhase.Training; progress = await run.WaitForProgress(progress.Sequence))
        {
            if (progress.Step < next) continue;
            most.Add(Math.Max(two.Resident(0), two.Resident(1)));
            Console.WriteLine($"round {progress.Step,5}: resident {two.Resident(0) / 1e6:F0} and {two.Resident(1) / 1e6:F0} MB");
            next += Every;
        }

        return most[^1] <= Flat * most[1];
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Rows a second of all rounds but the first few.</summary>
    private static async Task<double> Train(SiloProcesses cluster, string name, TrainingPlan plan)
    {
        var run = cluster.Grains.GetGrain<IRunGrain>(name);
        var progress = await run.Start(plan);
        while (progress.Step < Warmup) progress = await run.WaitForProgress(progress.Sequence);
        var (first, started) = (progress.Step, Stopwatch.GetTimestamp());
        while (progress.Step < Rounds && progress.Phase != RunPhase.Failed) progress = await run.WaitForProgress(progress.Sequence);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        while (progress.Phase is not (RunPhase.Finished or RunPhase.Failed)) progress = await run.WaitForProgress(progress.Sequence);
        return progress.Phase == RunPhase.Finished ? (Rounds - first) * (double)plan.BatchRows * plan.Shards / seconds : throw new InvalidOperationException(progress.Failure);
    }
}
