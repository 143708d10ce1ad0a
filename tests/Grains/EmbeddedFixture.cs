using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Silo;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Grains;

/// <summary>An embedded cluster on a home of its own, with a small table to learn.</summary>
internal sealed class EmbeddedFixture : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly bool _ownsFolder;

    private EmbeddedFixture(TempFolder folder, bool ownsFolder, EmbeddedCluster cluster) => (_folder, _ownsFolder, Cluster) = (folder, ownsFolder, cluster);

    internal EmbeddedCluster Cluster { get; }

    internal string Home => _folder.In("home");

    internal static async Task<EmbeddedFixture> Start(int slots = 2, TempFolder? folder = null, Action<IServiceCollection>? parts = null, params string[] settings)
    {
        var own = folder ?? new TempFolder();
        var cluster = await EmbeddedCluster.Start(own.In("home"), [$"Devices:Cpu={slots}", .. settings], logging: _ => { }, parts ?? (_ => { }), TestContext.Current.CancellationToken);
        return new EmbeddedFixture(own, folder is null, cluster);
    }

    /// <summary>A part of its silo.</summary>
    internal T Service<T>() where T : notnull => Cluster.Services.GetRequiredService<T>();

    internal IRunGrain Run(string name) => Cluster.Grains.GetGrain<IRunGrain>(name);

    /// <summary>A plan over 600 rows of two columns (and one of context when asked for) that takes a second or two.</summary>
    internal TrainingPlan Plan(string model = "nsf", int steps = 30, bool context = false) => new()
    {
        Data = new DataSelection(Table(), ["a", "b"], context ? ["c"] : [], MissingRows.Refuse),
        Model = model,
        Settings = ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "2").Add("hidden", "8").Add(model is "maf" or "iaf" ? "layers" : "blocks", "1"),
        Steps = steps,
        BatchRows = 32,
        Shards = 4,
        LearningRate = 0.01,
    };

    /// <summary>Writes a table beside the home; returns its path.</summary>
    internal string Write(string name, IEnumerable<string> lines)
    {
        _folder.Write(name, string.Join('\n', lines) + "\n");
        return _folder.In(name);
    }

    /// <summary>Trains to the end.</summary>
    internal async Task<RunResult> Train(string name, TrainingPlan plan)
    {
        var run = Run(name);
        await run.Start(plan, TestContext.Current.CancellationToken);
        var end = await Until(run, progress => progress.Phase is RunPhase.Finished or RunPhase.Failed or RunPhase.Stopped);
        Assert.True(end.Phase == RunPhase.Finished, $"run '{name}' ended as {end.Phase}: {end.Failure}");
        return (await run.Result())!;
    }

    /// <summary>Waits for progress of a kind.</summary>
    internal static async Task<RunProgress> Until(IRunGrain run, Func<RunProgress, bool> reached)
    {
        var progress = await run.Progress();
        while (!reached(progress)) progress = await run.WaitForProgress(progress.Sequence, TestContext.Current.CancellationToken);
        return progress;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        if (_ownsFolder) _folder.Dispose();
    }

    private string Table()
    {
        var path = _folder.In("table.csv");
        if (!File.Exists(path)) _folder.Write("table.csv", Rows());
        return path;
    }

    private static string Rows()
    {
        var random = new CounterRandom(1, "table");
        var text = new StringBuilder("a,b,c\n");
        for (var row = 0; row < 600; row++)
        {
            var (u, v, c) = (random.Normal(3 * row), random.Normal(3 * row + 1), random.Normal(3 * row + 2));
            text.Append(CultureInfo.InvariantCulture, $"{100 + 5 * (u + c)},{u * u + 0.1 * v + c},{c}\n");
        }

        return text.ToString();
    }
}
