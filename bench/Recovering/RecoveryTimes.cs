using System.Collections.Immutable;
using System.Diagnostics;
using FlowGrain.Client;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Bench.Recovering;

/// <summary>How long after <c>kill -9</c> of a silo the run's next round commits, on three silo processes and a Redis of their own.</summary>
internal sealed class RecoveryTimes(SiloProcesses cluster, TrainingPlan plan)
{
    private const int Trials = 5;
    private const int Before = 300; // rounds before the kill
    private const int Target = 5; // seconds
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    internal static async Task<int> Run(string file)
    {
        using var home = new TemporaryHome();
        var data = Path.Combine(home.Path, Path.GetFileName(file)); // below Storage:Root, which silos may read
        File.Copy(file, data);
        await using var cluster = await SiloProcesses.Start(home.Path, silos: 3);
        var plan = new TrainingPlan
        {
            Data = new DataSelection(data, ["longitude", "latitude"], [], MissingRows.Refuse),
            Settings = ImmutableSortedDictionary<string, string>.Empty.Add("hidden", "16").Add("blocks", "1").Add("transforms", "2"),
            Steps = 1_000_000,
            BatchRows = 64,
        };
        var times = new RecoveryTimes(cluster, plan);
        double[] worst = [await times.Median("a worker's silo", Victim.Worker), await times.Median("the silo with the run's grain", Victim.Run), await times.Median("the silo with its range", Victim.Range)];
        return worst.Max() <= Target ? 0 : 1;
    }

    private async Task<double> Median(string what, Victim victim)
    {
        var seconds = new List<double>();
        for (var trial = 0; trial < Trials; trial++)
        {
            var (took, again) = await Kill($"{victim}-{trial}", victim);
            seconds.Add(took);
            Console.WriteLine($"kill -9 of {what}: the next round after {took:F2} s, {again} rounds made again");
        }

        seconds.Sort();
        Console.WriteLine($"{what}: median {seconds[Trials / 2]:F2} s, worst {seconds[^1]:F2} s (target {Target} s)");
        return seconds[^1];
    }

    private async Task<(double Seconds, long Again)> Kill(string run, Victim victim)
    {
        await cluster.Api(0).StartRun(run, plan, reading: null);
        await Until(cluster.Api(0), run, progress => progress.Step >= Before);
        var silo = await Home(run, victim);
        var survivor = cluster.Api((silo + 1) % cluster.Silos); // a client that asks the one that is killed waits for a timeout of its own
        var lowest = (await survivor.Progress(run)).Step;
        var (at, killed) = (lowest, Stopwatch.GetTimestamp());
        cluster.Kill(silo);
        await Until(survivor, run, progress =>
        {
            lowest = Math.Min(lowest, progress.Step);
            return progress.Phase == RunPhase.Training && progress.Step > lowest + 1; // the first may have been complete before the kill
        });
        var seconds = Stopwatch.GetElapsedTime(killed).TotalSeconds;
        await survivor.StopRun(run);
        await cluster.Start(silo);
        return (seconds, at - lowest);
    }

    private static async Task Until(ICluster api, string run, Func<RunProgress, bool> reached)
    {
        for (var progress = await api.Progress(run); !reached(progress); progress = await api.Progress(run))
        {
            if (progress.Phase == RunPhase.Failed) throw new InvalidOperationException(progress.Failure);
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    /// <summary>The silo to kill: one that has the part asked for and, where there is a choice, nothing else.</summary>
    private async Task<int> Home(string name, Victim victim)
    {
        var run = await cluster.HomeOf(cluster.Grains.GetGrain<IRunGrain>(name));
        var range = await cluster.HomeOf(cluster.Grains.GetGrain<IAggregatorGrain>($"{name}/0"));
        return victim switch { Victim.Run => run, Victim.Range => range, _ => Enumerable.Range(0, cluster.Silos).First(silo => silo != run && silo != range) };
    }

    private enum Victim
    {
        Worker,
        Run,
        Range,
    }
}
