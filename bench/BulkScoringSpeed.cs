using System.Diagnostics;
using FlowGrain.Client;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using FlowGrain.Silo;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Bench;

/// <summary>Rows a second of a bulk scoring from the first row read to the last written, beside the bare engine on as many threads over rows in memory, taken in turn in one run.</summary>
internal static class BulkScoringSpeed
{
    private const int Pairs = 5;
    private const int Steps = 30; // the speed asks for weights, not for good ones
    private const int Block = 1 << 14;
    private const int RowsInMemory = 1 << 20;
    private const double Target = 0.8;

    internal static async Task<int> Run(string path)
    {
        using var home = new TemporaryHome();
        await using var silo = await EmbeddedCluster.Start(home.Path, [], CancellationToken.None);
        var cluster = new GrainCluster(silo.Grains, TimeProvider.System);
        await Train(cluster, Path.GetFullPath(path));
        var model = new ModelStore(Options.Create(new StorageOptions { Root = home.Path }), TimeProvider.System).Load("m", 1);
        var rows = InMemory(path, model);
        var plan = new ScoringPlan("m", 1, Path.GetFullPath(path), MissingRows.Drop, Path.Combine(home.Path, "scores.parquet"), Latent: false);
        await cluster.Score(plan, reading: null, CancellationToken.None); // compiles
        var ratios = new List<double>();
        for (var pair = 0; pair < Pairs; pair++)
        {
            var began = Environment.CpuUsage.TotalTime;
            var bare = Bare(model, rows);
            var between = Environment.CpuUsage.TotalTime;
            var job = await cluster.Score(plan, reading: null, CancellationToken.None);
            var (bareCpu, jobCpu) = ((between - began) / (Environment.ProcessorCount * Rows(model, rows)), (Environment.CpuUsage.TotalTime - between) / job.Rows);
            ratios.Add(job.RowsPerSecond / bare);
            Console.WriteLine(
                $"bare engine {bare:F0} rows/s, {job.Rows} rows scored in {job.Seconds:F2} s, {job.RowsPerSecond:F0} rows/s ({ratios[^1]:F3} of the engine); " +
                $"processor time of a row {bareCpu.TotalMicroseconds:F2} and {jobCpu.TotalMicroseconds:F2} µs ({bareCpu / jobCpu:F3})");
        }

        var median = ratios.Order().ElementAt(Pairs / 2);
        Console.WriteLine($"{model.Flow.Columns.Length} columns, {Environment.ProcessorCount} threads: median {median:F3} of the bare engine (target {Target})");
        return median >= Target ? 0 : 1;
    }

    private static async Task Train(GrainCluster cluster, string path)
    {
        var plan = new TrainingPlan { Data = new DataSelection(path, [], [], MissingRows.Drop), Model = "nsf", Steps = Steps };
        await cluster.StartRun("m", plan, reading: null, CancellationToken.None);
        await foreach (var progress in cluster.WatchRun("m", CancellationToken.None))
            if (progress.Phase == RunPhase.Failed) throw new InvalidOperationException(progress.Failure);
    }

    private static double[] InMemory(string path, StoredModel model)
    {
        using var reader = TableReader.Open(path);
        ModelColumns.Select(reader, model.Flow.Columns);
        var rows = new double[RowsInMemory * reader.Width];
        var count = 0;
        for (int read; count < RowsInMemory && (read = reader.Read(rows.AsSpan(count * reader.Width), CancellationToken.None)) > 0;) count += read;
        return rows[..(count * reader.Width)];
    }

    /// <summary>Rows a second of an engine for every core.</summary>
    private static double Bare(StoredModel model, double[] rows)
    {
        using var gate = new Barrier(Environment.ProcessorCount + 1);
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(thread => DedicatedThread.Once($"bare {thread}", () => Score(model, rows, gate))).ToArray();
        gate.SignalAndWait();
        var started = Stopwatch.GetTimestamp();
        Task.WaitAll(threads);
        return (double)threads.Length * Rows(model, rows) / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static int Rows(StoredModel model, double[] rows) => rows.Length / model.Flow.Columns.Length;

    private static bool Score(StoredModel model, double[] rows, Barrier gate)
    {
        using var engine = FlowEngines.Create(model.Flow);
        model.Weights.CopyTo(engine.Parameters);
        var (scores, width) = (new float[Block], model.Flow.Columns.Length);
        engine.LogDensity(rows.AsSpan(0, width), scores.AsSpan(0, 1), []); // makes its buffers
        gate.SignalAndWait();
        for (var at = 0; at < rows.Length; at += Block * width)
        {
            var block = rows.AsSpan(at, Math.Min(Block * width, rows.Length - at));
            engine.LogDensity(block, scores.AsSpan(0, block.Length / width), []);
        }

        return true;
    }
}
