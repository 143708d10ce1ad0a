using System.Collections.Immutable;
using System.Runtime.InteropServices;
using FlowGrain.Api;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>Models that say what can be known beforehand, and a data set, in the shapes of the API.</summary>
internal static class MadeUpModels
{
    private static readonly CounterRandom Random = new(1, "page");

    internal static ImmutableArray<ModelDescription> All { get; } = [Model("rings", ["x", "y"], []), Model("given", ["price"], ["carat"]), Model("wide", ["a", "b", "c", "d"], [])];

    internal static ModelRegistration Registration { get; } = new(
        new Dictionary<string, int> { ["champion"] = 2 }.ToImmutableSortedDictionary(), Traffic: null, IsUnloaded: false,
        [new RegistryChange(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), RegistryChangeKind.Pointed) { Alias = "champion", Version = 2, By = "ada" }]);

    internal static string Card => "# rings, version 2\n\nA flow of `x` and **y**, <img src=x onerror=alert(1)> [there](javascript:alert).\n\n| rows | nll |\n|---|---:|\n| train | 5.1 |\n\n- one\n- two\n\n```text\n▁▂▃\n```\n";

    internal static DatasetListing Dataset { get; } = new(
        "0123456789abcdef", "pairs.csv", 50_000, 2, [Column("x"), Column("y")], [Column("z")], 1_000_000, new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), ["run-0"], "ab");

    internal static object Verdict => new
    {
        outputs = new object[]
        {
            Tensor("log_prob", -3.5), Tensor("typicality", 1.25), Tensor("latent_norm", 2.5), Tensor("p_value", 0.004), new { name = "flagged", data = (bool[])[true] },
            new { name = "explanation", data = (double[])[-1, -2.5] }, new { name = "explanation_error", data = (double[])[0.1, 0.2] },
        },
    };

    /// <summary>A ring of radius 2, whatever else a row has.</summary>
    internal static async Task<byte[]> LogDensities(string model, Stream body, CancellationToken cancellation)
    {
        using var rows = new MemoryStream();
        await body.CopyToAsync(rows, cancellation);
        var numbers = MemoryMarshal.Cast<byte, double>(rows.ToArray()).ToArray();
        var found = All.Single(one => one.Name == model);
        float[] densities = [.. numbers.Chunk(found.Columns.Length + found.Context.Length).Select(row => (float)(-10 * Math.Pow(Math.Sqrt(row.Sum(value => value * value)) - 2, 2)))];
        return MemoryMarshal.AsBytes(densities.AsSpan()).ToArray();
    }

    internal static byte[] Samples(string model, int rows)
    {
        double[] draws = [.. Enumerable.Range(0, rows * All.Single(one => one.Name == model).Columns.Length).Select(at => (double)Random.Normal(at))];
        return MemoryMarshal.AsBytes(draws.AsSpan()).ToArray();
    }

    internal static LayerList Layers(int rows) => new(
        [.. ((string[])["base", "coupling 1", "data"]).Select((name, layer) => new LayerPoints(name, [.. Enumerable.Range(0, rows).Select(row => ImmutableArray.Create((float)Random.Normal(2 * row) * (1 + layer), (float)Random.Normal(2 * row + 1)))]))]);

    internal static RowList Rows(int rows) => new(["x", "y", "z"], [.. Enumerable.Range(0, rows).Select(row => ImmutableArray.Create<double>(Random.Normal(3 * row), Random.Normal(3 * row + 1), Random.Normal(3 * row + 2)))]);

    private static object Tensor(string name, double value) => new { name, data = (double[])[value] };

    private static ModelDescription Model(string name, string[] columns, string[] context) => new(
        name, 2, "nsf", [.. columns], [.. context], 40_000, 5.1, 5.2, 6.4, 1e-5, $"{name}-weights", $"/models/{name}/2", [.. columns.Select(_ => new ColumnRange(-3, 3))], [.. context.Select(_ => new ColumnRange(-1, 1))])
    {
        Aliases = ["champion"],
    };

    private static ColumnStatistics Column(string name) => new(name, 0, 1, -4, 4, 0, 40_000, 2, []);
}
