using System.Collections.Immutable;
using System.Diagnostics;
using FlowGrain.Data;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>Two silo processes that talk in TLS beside two that talk in plain text, on the same rounds in turn: rounds a second, where most of a round is computing and where most of it is talking.</summary>
internal static class TlsCost
{
    private const int Columns = 6;
    private const int Warmup = 20;
    private const int Pairs = 5;

    internal static async Task<int> Run()
    {
        using var home = new TemporaryHome();
        var (plain, secure) = (await Cluster.Start(home.Path, "plain", isSecure: false), await Cluster.Start(home.Path, "tls", isSecure: true));
        await using var first = plain.Silos;
        await using var second = secure.Silos;
        foreach (var (rows, rounds) in new[] { (1024, 60), (32, 300) })
        {
            await plain.Rounds($"compiles-{rows}", rows, rounds);
            await secure.Rounds($"compiles-{rows}", rows, rounds);
            var ratios = new List<double>();
            for (var pair = 0; pair < Pairs; pair++)
            {
                var (without, with) = (await plain.Rounds($"{rows}-{pair}", rows, rounds), await secure.Rounds($"{rows}-{pair}", rows, rounds));
                ratios.Add(with / without);
                Console.WriteLine($"{rows} rows a shard: {without:F1} rounds/s in plain text, {with:F1} in TLS ({with / without:F3} times)");
            }

            Console.WriteLine($"median with {rows} rows a shard: TLS {ratios.Order().ElementAt(Pairs / 2):F3} times plain text");
        }

        return 0;
    }

    /// <summary>Two silos and their table.</summary>
    private sealed record Cluster(SiloProcesses Silos, string Table)
    {
        internal static async Task<Cluster> Start(string home, string name, bool isSecure)
        {
            var folder = Directory.CreateDirectory(Path.Combine(home, name)).FullName;
            var table = NormalTable.Write(folder, Columns);
            return new Cluster(await SiloProcesses.Start(folder, silos: 2, isSecure ? TlsCertificates.In(folder) : null), table);
        }

        /// <summary>Rounds a second of a run, without the first few.</summary>
        internal async Task<double> Rounds(string name, int batchRows, int rounds)
        {
            var run = Silos.Grains.GetGrain<IRunGrain>(name);
            var progress = await run.Start(new TrainingPlan
            {
                Data = new DataSelection(Table, [], [], MissingRows.Refuse),
                Settings = ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "5").Add("hidden", "128").Add("blocks", "1").Add("bins", "8"),
                Steps = rounds,
                BatchRows = batchRows,
                Shards = 8,
                ValidationFraction = 0,
            });
            while (progress.Step < Warmup) progress = await run.WaitForProgress(progress.Sequence);
            var (step, began) = (progress.Step, Stopwatch.GetTimestamp());
            while (progress.Phase is RunPhase.Training) progress = await run.WaitForProgress(progress.Sequence);
            var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
            while (progress.Phase is RunPhase.Publishing) progress = await run.WaitForProgress(progress.Sequence);
            return progress.Phase is RunPhase.Finished ? (rounds - step) / seconds : throw new InvalidOperationException($"The run is {progress.Phase}: {progress.Failure}");
        }
    }
}
