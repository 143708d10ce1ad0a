using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Bench.Serving;

/// <summary>A silo process under load over HTTP from this process: lone rows at a rate, as many as it answers with batching and without, and large batches beside the bare engine.</summary>
internal static class ServingSpeed
{
    private const string Small = "nsf-c-6", Large = "nsf-ar-43";
    private const int Connections = 64;
    private const double Rate = 500; // requests a second
    private const int BatchRows = 4096;
    private const int Rounds = 3;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    internal static async Task<int> Run(bool json)
    {
        using var home = new TemporaryHome();
        var (small, large) = (ServingSilo.Publish(home.Path, Small), ServingSilo.Publish(home.Path, Large));
        using var batching = await ServingSilo.Start(home.Path);
        await Load.Closed(batching.Url, Row(small), Connections, Short); // compiles
        await Load.Closed(batching.Url, Row(large), Connections, Short);
        var steady = await Load.Open(batching.Url, Row(small), Connections, Rate, Long);
        var (few, many) = (await Saturated(batching, home.Path, small), await Saturated(batching, home.Path, large));
        var share = await Batches(batching, small);
        var figures = new
        {
            rate = Rate, p50 = steady.Milliseconds(0.5), p99 = steady.Milliseconds(0.99), errors = steady.Errors + steady.Refused,
            throughput = few.PerSecond, throughputWithoutBatching = few.PerSecond / few.Gain, gain = few.Gain, gainLarge = many.Gain, throughputErrors = few.Errors + many.Errors,
            batchRowsPerSecond = share.RowsPerSecond, batchShareOfEngine = share.OfEngine,
        };
        if (json) Console.WriteLine(JsonSerializer.Serialize(figures));
        else Print(steady, few, many, share);
        return figures is { p50: < 1, p99: < 5, errors: 0, throughput: >= 8000, gain: >= 1.5, gainLarge: >= 4, throughputErrors: 0, batchShareOfEngine: >= 0.7 } ? 0 : 1;
    }

    private static void Print(Load steady, Saturation few, Saturation many, (double RowsPerSecond, double OfEngine) share)
    {
        Console.WriteLine($"{Small}, one row a request at {Rate:F0}/s: p50 {steady.Milliseconds(0.5):F2} ms, p99 {steady.Milliseconds(0.99):F2} ms, {steady.Errors + steady.Refused} errors (asked 1 and 5 ms)");
        Console.WriteLine($"{Small}, {Connections} connections: {few.PerSecond:F0} requests/s (asked 8000), {few.Gain:F2} times those without batching (asked 1.5), {few.Errors} errors");
        Console.WriteLine($"{Large}, {Connections} connections: {many.PerSecond:F0} requests/s, {many.Gain:F2} times those without batching (asked 4), {many.Errors} errors");
        Console.WriteLine($"{Small}, batches of {BatchRows} rows as bytes: {share.RowsPerSecond:F0} rows/s, {share.OfEngine:F3} of the bare engine (asked 0.7)");
    }

    /// <summary>As many lone rows as the silo answers, beside one that computes every request by itself; in turn, medians.</summary>
    private static async Task<Saturation> Saturated(ServingSilo batching, string home, StoredModel model)
    {
        using var single = await ServingSilo.Start(home, "--Serving:BatchRows=1");
        await Load.Closed(single.Url, Row(model), Connections, Short); // compiles
        var (with, without) = (new List<Load>(), new List<Load>());
        for (var round = 0; round < Rounds; round++)
        {
            with.Add(await Load.Closed(batching.Url, Row(model), Connections, Short));
            without.Add(await Load.Closed(single.Url, Row(model), Connections, Short));
        }

        var perSecond = Median(with.Select(load => load.PerSecond));
        return new Saturation(perSecond, perSecond / Median(without.Select(load => load.PerSecond)), with.Concat(without).Sum(load => load.Errors + load.Refused));
    }

    private static async Task<(double RowsPerSecond, double OfEngine)> Batches(ServingSilo silo, StoredModel model)
    {
        var (request, rates, shares) = (Batch(model), new List<double>(), new List<double>());
        for (var round = 0; round < Rounds; round++)
        {
            var bare = Bare(model);
            var load = await Load.Closed(silo.Url, request, 2 * Environment.ProcessorCount, Short);
            rates.Add(load.PerSecond * BatchRows);
            shares.Add(rates[^1] / bare);
        }

        return (Median(rates), Median(shares));
    }

    /// <summary>Rows a second of engines on all cores, each over a batch of its own.</summary>
    private static double Bare(StoredModel model)
    {
        var done = 0L;
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            using var engine = FlowEngines.Create(model.Flow);
            model.Weights.CopyTo(engine.Parameters);
            var (rows, scores) = (Rows(model, BatchRows), new float[BatchRows]);
            while (System.Diagnostics.Stopwatch.GetElapsedTime(began) < Short)
            {
                engine.LogDensity(rows, scores, []);
                Interlocked.Add(ref done, BatchRows);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return done / System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>A request with one row.</summary>
    /// <param name="model">Whose rows they are.</param>
    /// <param name="asked">What is asked, where it is not the model itself: a version of it.</param>
    internal static byte[] Row(StoredModel model, string? asked = null) => LoadConnection.Request(
        asked ?? model.Name,
        $"{{\"inputs\":[{{\"name\":\"x\",\"shape\":[1,{model.Flow.Columns.Length}],\"datatype\":\"FP32\",\"data\":[{string.Join(',', Rows(model, 1).Select(value => value.ToString("F4", CultureInfo.InvariantCulture)))}]}}]}}");

    private static byte[] Batch(StoredModel model)
    {
        var raw = MemoryMarshal.AsBytes<float>(Rows(model, BatchRows).Select(value => (float)value).ToArray());
        return LoadConnection.Request(
            model.Name,
            $"{{\"inputs\":[{{\"name\":\"x\",\"shape\":[{BatchRows},{model.Flow.Columns.Length}],\"datatype\":\"FP32\",\"parameters\":{{\"binary_data_size\":{raw.Length}}}}}],\"parameters\":{{\"binary_data_output\":true}}}}",
            raw);
    }

    private static double[] Rows(StoredModel model, int count)
    {
        var normals = new float[count * model.Flow.Columns.Length];
        new CounterRandom(1, "rows").Normals(0, normals);
        return [.. normals.Select(value => (double)value)];
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private sealed record Saturation(double PerSecond, double Gain, int Errors);
}
