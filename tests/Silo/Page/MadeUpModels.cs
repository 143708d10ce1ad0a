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
    private const int FirstDay = 19_000, LastDay = 19_365; // 2022-01-08 and a year later
    private static readonly CounterRandom Random = new(1, "page");

    internal static ImmutableArray<ModelDescription> All { get; } = [Model("rings", ["x", "y"], []), Model("given", ["price"], ["carat"]), Model("wide", ["a", "b", "c", "d", "e", "f", "g"], []), Days, Model("along", ["x", "y"], ["z"])];

    internal static string Card => "# rings, version 2\n\nA flow of `x` and **y**, <img src=x onerror=alert(1)> [there](javascript:alert).\n\n| rows | nll |\n|---|---:|\n| train | 5.1 |\n\n- one\n- two\n\n```text\n▁▂▃\n```\n";

    internal static ImmutableArray<DatasetListing> Datasets { get; } =
    [
        Dataset("0123456789abcdef", "pairs.csv", [Column("x"), Column("y")], [Column("z")]),
        Dataset("fedcba9876543210", "days.csv", [new ColumnStatistics("day", FirstDay + 180, 100, FirstDay, LastDay, FirstDay + 181, 365, 0, []) { IsDate = true }, Column("x")], []),
        Dataset("00112233445566aa", "new.csv", [Column("x"), Column("y")], []),
    ];

    internal static object Verdict => new
    {
        outputs = new object[]
        {
            Tensor("log_prob", -3.5), Tensor("typicality", 1.25), Tensor("latent_norm", 2.5), Tensor("p_value", 0.004), new { name = "flagged", data = (bool[])[true] },
            new { name = "explanation", data = (double[])[-1, -2.5] }, new { name = "explanation_error", data = (double[])[0.1, 0.2] },
        },
    };

    /// <summary>Of a row of which nobody can tell.</summary>
    internal static object NoVerdict => new
    {
        outputs = ((string[])["log_prob", "typicality", "latent_norm", "p_value", "flagged"]).Select(name => new { name, data = (double?[])[null] }).ToArray(),
    };

    /// <summary>A ring whose radius is two thirds of the way to the ends of every column.</summary>
    internal static async Task<byte[]> LogDensities(string model, Stream body, CancellationToken cancellation)
    {
        using var rows = new MemoryStream();
        await body.CopyToAsync(rows, cancellation);
        var numbers = MemoryMarshal.Cast<byte, double>(rows.ToArray()).ToArray();
        var found = All.Single(one => one.Name == model);
        float[] densities = [.. numbers.Chunk(found.Columns.Length + found.Context.Length).Select(row => (float)(-10 * Math.Pow(Math.Sqrt(row.Select((value, at) => Within(found, at, value)).Sum(value => value * value)) - 2, 2)))];
        return MemoryMarshal.AsBytes(densities.AsSpan()).ToArray();
    }

    internal static byte[] Samples(string model, int rows)
    {
        var found = All.Single(one => one.Name == model);
        double[] draws = [.. Enumerable.Range(0, rows * found.Columns.Length).Select(at => Center(found, at % found.Columns.Length) + (Random.Normal(at) * Third(found, at % found.Columns.Length)))];
        return MemoryMarshal.AsBytes(draws.AsSpan()).ToArray();
    }

    internal static LayerList Layers(int rows) => new(
        [.. ((string[])["base", "coupling 1", "data"]).Select((name, layer) => new LayerPoints(name, [.. Enumerable.Range(0, rows).Select(row => ImmutableArray.Create((float)Random.Normal(2 * row) * (1 + layer), (float)Random.Normal(2 * row + 1)))]))]);

    internal static RowList Rows(string dataset, int rows) => dataset != Datasets[0].Id
        ? new(["day", "x"], [.. Enumerable.Range(0, rows).Select(row => ImmutableArray.Create<double>(FirstDay + row % (LastDay - FirstDay), Random.Normal(row)))])
        : new(["x", "y", "z"], [.. Enumerable.Range(0, rows).Select(row => ImmutableArray.Create<double>(Random.Normal(3 * row), Random.Normal(3 * row + 1), Random.Normal(3 * row + 2)))]);

    private static object Tensor(string name, double value) => new { name, data = (double[])[value] };

    private static ModelDescription Model(string name, string[] columns, string[] context) => new(
        name, 2, "nsf", [.. columns], [.. context], 40_000, 5.1, 5.2, 6.4, 1e-5, $"{name}-weights", $"/models/{name}/2", [.. columns.Select(_ => new ColumnRange(-3, 3))], [.. context.Select(_ => new ColumnRange(-1, 1))])
    {
        Aliases = ["champion"],
    };

    private static ModelDescription Days => Model("days", ["day", "x"], []) with { Ranges = [new(FirstDay, LastDay), new(-3, 3)], Dates = ["day"] };

    private static DatasetListing Dataset(string id, string source, ImmutableArray<ColumnStatistics> columns, ImmutableArray<ColumnStatistics> context) =>
        new(id, source, 50_000, 2, columns, context, 1_000_000, new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), ["run-0"], "ab");

    private static double Center(ModelDescription model, int column) => (Range(model, column).Low + Range(model, column).High) / 2;

    private static double Third(ModelDescription model, int column) => (Range(model, column).High - Center(model, column)) / 3;

    private static double Within(ModelDescription model, int column, double value) => column < model.Columns.Length ? (value - Center(model, column)) / Third(model, column) : value;

    private static ColumnRange Range(ModelDescription model, int column) => model.Ranges[column];

    private static ColumnStatistics Column(string name) => new(name, 0, 1, -4, 4, 0, 40_000, 2, []);
}
