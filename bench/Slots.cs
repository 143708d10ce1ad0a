using System.Diagnostics;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>Two slots that share every step beside two replicas that know nothing of each other: rows a second, taken in turn in one run.</summary>
internal static class Slots
{
    private const string Config = "nsf-c-6";
    private const int Threads = 2;
    private const int SlotRows = 4096; // of a step
    private const int Steps = 60;
    private const int Warmup = 10;
    private const int Pairs = 9;

    internal static int Run()
    {
        using var home = new TemporaryHome();
        var spec = EngineSpeed.Configs[Config]();
        var plan = new TrainingPlan { Data = new DataSelection(NormalTable.Write(home.Path, spec.Columns.Length), [], [], MissingRows.Refuse), BatchRows = SlotRows, Shards = Threads, Steps = Steps, ValidationFraction = 0 };
        using var dataset = new DatasetStore(Path.Combine(home.Path, "data"), TimeProvider.System).Import(plan.Data, progress: null, CancellationToken.None);
        var order = new EpochOrder(Split.Of(dataset, new SplitFractions(Seed: 0, Validation: 0, Test: 0)), seed: 0);
        var ratios = new List<double>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            var shared = new BareLoop(spec, plan, order, Threads).Run(Steps, Warmup);
            var alone = Replicas(spec);
            ratios.Add(shared / alone);
            Console.WriteLine($"two slots {shared:F0} rows/s, two replicas {alone:F0} rows/s, ratio {ratios[^1]:F3}");
        }

        Console.WriteLine($"{Config}, {SlotRows} rows a slot and step: median ratio {ratios.Order().ElementAt(Pairs / 2):F3}");
        return 0;
    }

    /// <summary>Rows a second of independent engines, a thread each, with their own optimizers.</summary>
    private static double Replicas(FlowSpec spec)
    {
        using var gate = new Barrier(Threads + 1);
        var replicas = Enumerable.Range(0, Threads).Select(replica => DedicatedThread.Once($"replica {replica}", () => Train(spec, gate))).ToArray();
        gate.SignalAndWait();
        var started = Stopwatch.GetTimestamp();
        Task.WaitAll(replicas);
        return (double)Threads * (Steps - Warmup) * SlotRows / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static bool Train(FlowSpec spec, Barrier gate)
    {
        using var engine = FlowEngines.Create(spec);
        var loop = new EngineLoop(engine, SlotRows);
        for (var step = 0; step < Steps; step++)
        {
            if (step == Warmup) gate.SignalAndWait();
            loop.Train();
        }

        return true;
    }
}
