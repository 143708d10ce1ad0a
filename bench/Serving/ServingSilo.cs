using System.Diagnostics;
using FlowGrain.Cli.Up;
using FlowGrain.Cluster;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Bench.Serving;

/// <summary>A silo process that serves the configurations of <c>bench -- engine</c>, with random weights: speed asks for no good ones.</summary>
internal sealed class ServingSilo : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Process _process;

    private ServingSilo(Process process, Uri url) => (_process, Url) = (process, url);

    internal Uri Url { get; }

    /// <summary>Processor time that it has taken so far.</summary>
    internal TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>What the system sums up of its memory, as Linux has it; other systems have no such file.</summary>
    internal string[] MemorySums => File.ReadAllLines($"/proc/{_process.Id}/smaps_rollup");

    /// <summary>Publishes a configuration as a model of its name.</summary>
    internal static StoredModel Publish(string home, string config, int version = 1)
    {
        var model = Model(config, version);
        new ModelStore(Options.Create(new StorageOptions { Root = home }), TimeProvider.System).Publish(model, []);
        return model;
    }

    /// <summary>A configuration as a model of its name.</summary>
    internal static StoredModel Model(string config, int version = 1)
    {
        var flow = EngineSpeed.Configs[config]();
        using var engine = FlowEngines.Create(flow);
        var random = new CounterRandom(version, "weights");
        var noise = new float[engine.Parameters.Length];
        random.Normals(0, noise);
        for (var i = 0; i < noise.Length; i++) engine.Parameters[i] += 0.05f * noise[i];
        float[] weights = [.. engine.Parameters];
        var (columns, hash) = (flow.Columns.Length, ModelStore.Sha256(weights));
        var record = new RunRecord
        {
            Format = RunRecord.CurrentFormat,
            Result = new RunResult(config, config, version, 100, columns, weights.Length, 1, 1, 0, 0, 0, 0, 0, hash, FlowEngines.DeviceClassOf(flow), ""),
            Plan = new TrainingPlan { Data = new("none.csv", flow.Columns, [], default) },
            SpecHash = flow.Hash(),
            DataRoot = "",
            TrainRows = 80,
            ValidationRows = 20,
            TestRows = 0,
            RoundTripError = 0,
            BestStep = 1,
            GaussianMean = [.. new double[columns]],
            GaussianCovariance = [.. Enumerable.Range(0, columns * columns).Select(i => i / columns == i % columns ? 1.0 : 0)],
            Ranges = [.. Enumerable.Repeat(new ColumnRange(-3, 3), columns)],
            Losses = [],
        };
        return new StoredModel(config, version, flow, record, weights);
    }

    /// <summary>Starts it; returns when it takes requests.</summary>
    internal static async Task<ServingSilo> Start(string home, params string[] settings)
    {
        var silo = new SiloSettings(home, Environment.ProcessorCount, Redis: null, [.. FreePorts.Take(3)]);
        string[] words = [.. silo.Command(_ => null), .. settings];
        var process = SiloProcesses.Launch(words[0], words[1..]);
        using var http = new HttpClient();
        while (!await SiloProcesses.Answers(http, silo.Url)) await Task.Delay(Pause, TimeProvider.System);
        return new ServingSilo(process, new Uri(silo.Url));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
