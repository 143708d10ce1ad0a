using FlowGrain.Client;
using FlowGrain.Silo;
using FlowGrain.Training;

namespace FlowGrain.Bench.Densities;

/// <summary>An embedded cluster that trains plans, as <c>train</c> does.</summary>
internal sealed class Trainer : IAsyncDisposable
{
    private readonly TemporaryHome _home;
    private readonly EmbeddedCluster _silo;

    private Trainer(TemporaryHome home, EmbeddedCluster silo) => (_home, _silo, Cluster) = (home, silo, new GrainCluster(silo.Grains, TimeProvider.System));

    internal GrainCluster Cluster { get; }

    internal static async Task<Trainer> Start()
    {
        var home = new TemporaryHome();
        return new Trainer(home, await EmbeddedCluster.Start(home.Path, [$"Devices:Cpu={Math.Min(Cores.OfFigures, Environment.ProcessorCount)}"], CancellationToken.None));
    }

    /// <summary>The path of a file of its own.</summary>
    internal string In(string file) => Path.Combine(_home.Path, file);

    internal async Task<RunResult> Train(string run, TrainingPlan plan)
    {
        await Cluster.StartRun(run, plan, reading: null, CancellationToken.None);
        await foreach (var progress in Cluster.WatchRun(run, CancellationToken.None))
            if (progress.Phase == RunPhase.Failed) throw new InvalidOperationException(progress.Failure);
        return (await Cluster.Result(run, CancellationToken.None))!;
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _home.Dispose();
    }
}
