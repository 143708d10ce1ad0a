using System.Collections.Immutable;
using System.Diagnostics;
using FlowGrain.Data;
using FlowGrain.Silo;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>Resident memory over a long run of small steps, which would show any leak.</summary>
internal static class Memory
{
    private const int Steps = 20_000;
    private const int Every = 2_000;

    internal static async Task<int> Run(string file)
    {
        using var home = new TemporaryHome();
        await using var cluster = await EmbeddedCluster.Start(home.Path, [], CancellationToken.None);
        var run = cluster.Grains.GetGrain<IRunGrain>("memory");
        var progress = await run.Start(new TrainingPlan
        {
            Data = new DataSelection(file, ["longitude", "latitude"], [], MissingRows.Refuse),
            Settings = ImmutableSortedDictionary<string, string>.Empty.Add("hidden", "16").Add("blocks", "1").Add("transforms", "2"),
            Steps = Steps,
            BatchRows = 16,
            Shards = 4,
        });
        for (long next = Every; progress.Phase is RunPhase.Training or RunPhase.Publishing; progress = await run.WaitForProgress(progress.Sequence))
        {
            if (progress.Step < next) continue;
            using var process = Process.GetCurrentProcess();
            Console.WriteLine($"step {progress.Step,6}: resident {process.WorkingSet64 / 1e6:F0} MB, managed {GC.GetTotalMemory(false) / 1e6:F0} MB");
            next += Every;
        }

        return progress.Phase == RunPhase.Finished ? 0 : 1;
    }
}
