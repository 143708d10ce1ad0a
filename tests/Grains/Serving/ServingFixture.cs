using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Data;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>A cluster with two models: <c>m</c>, learned from x0 and x1 given c0, and <c>normal</c>, an exact Gaussian.</summary>
public sealed class ServingFixture : IAsyncLifetime
{
    internal const int Rows = 40_000; // three chunks, the last smaller

    private readonly TempFolder _folder = new();
    private EmbeddedFixture _embedded = null!;

    internal StoredModel Model { get; } = StoredModels.Some("m", context: 1);

    internal IGrainFactory Grains => _embedded.Cluster.Grains;

    /// <summary>Rows <c>[40000, 3]</c>.</summary>
    internal double[] Values { get; private set; } = [];

    /// <summary>Their log-densities and latents, computed in one go.</summary>
    internal float[] Scores { get; } = new float[Rows];

    internal float[] Latent { get; } = new float[Rows * 2];

    internal string Data => _folder.In("data.csv");

    /// <summary>Where the registry has a model.</summary>
    internal string FolderOf(string model) => Path.Combine(_embedded.Home, "models", model);

    /// <summary>Where jobs keep their parts.</summary>
    internal string Scorings => Path.Combine(_embedded.Home, "scorings");

    public async ValueTask InitializeAsync()
    {
        _embedded = await EmbeddedFixture.Start(slots: 2, _folder);
        StoredModels.In(_embedded.Home).Publish(Model, []);
        StoredModels.In(_embedded.Home).Publish(StoredModels.Gaussian("normal"), []);
        Values = TestFlows.Rows(Model.Flow, Rows);
        _folder.Write("data.csv", Csv("x0,x1,c0", Values));
        using var engine = FlowEngines.Create(Model.Flow);
        Model.Weights.CopyTo(engine.Parameters);
        engine.LogDensity(Values, Scores, Latent);
    }

    public async ValueTask DisposeAsync()
    {
        await _embedded.DisposeAsync();
        _folder.Dispose();
    }

    internal string NewFolder() => Directory.CreateDirectory(_folder.In(Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>A file of so many chunks that scores are written while it is still read.</summary>
    internal string Long(int times = 10)
    {
        byte[] rows = [.. Enumerable.Repeat(MemoryMarshal.AsBytes<double>(Values).ToArray(), times).SelectMany(bytes => bytes)];
        return _folder.Write($"{Guid.NewGuid():N}.npy", [.. Npy.Head($"{{'descr': '<f8', 'fortran_order': False, 'shape': ({times * Rows}, 3), }}"), .. rows]);
    }

    internal string Write(string name, string text) => _folder.Write(name, text);

    internal Task<ScoringResult> Score(string data, string? output, bool latent = false, MissingRows missing = MissingRows.Refuse, string model = "m") =>
        Grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString("N"))
            .Score(new ScoringPlan(model, null, data, missing, output, latent), TestContext.Current.CancellationToken);

    /// <summary>A table of the numbers, its columns in the order given.</summary>
    internal static string Csv(string header, ReadOnlySpan<double> values, params int[] order)
    {
        var text = new StringBuilder(header).Append('\n');
        int[] columns = order.Length == 0 ? [.. Enumerable.Range(0, header.Split(',').Length)] : order;
        for (var row = 0; row < values.Length; row += 3)
        {
            for (var i = 0; i < columns.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")}{values[row + columns[i]]:R}");
            text.Append('\n');
        }

        return text.ToString();
    }
}
