using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Silo.Api.Live;
using FlowGrain.Training;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>Runs that go on by ten steps whenever they are told to, in the shapes of the API.</summary>
/// <param name="runs">How many.</param>
/// <param name="points">Rounds that each has made.</param>
internal sealed class MadeUpCluster(int runs, int points = 1000)
{
    private const int MostPoints = 1000; // as a silo has it
    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private int _now;

    internal static TrainingPlan Plan { get; } = new() { Data = new DataSelection("/data/pairs.csv", ["x", "y"], [], MissingRows.Refuse), Steps = 20_000 };

    internal static object Round { get; } = new
    {
        traceId = "4bf92f3577b34da6a3ce929d0e0e4736", round = 12, begun = Begin, seconds = 0.2,
        spans = (object[])[Span("1", null, "flowgrain.round", null, 0, 0.2), .. Enumerable.Range(0, 8).Select(shard => Span($"{shard + 2}", "1", "flowgrain.shard.compute", shard, shard / 4 * 0.09, 0.08))],
    };

    internal LiveCluster Overview => new(
        [.. Enumerable.Range(0, 2).Select(silo => new SiloDescription($"127.0.0.1:{11111 + silo}@7", "0.1.0", ["kernels-4-avx2"], 2, 2) { Holders = [Name(silo), _now % 4 < 2 ? Name(2) : null] })],
        new StorageUse(48_000_000, 200_000_000, 1_000_000, null));

    internal LiveRuns Runs => new([.. Enumerable.Range(0, runs).Select(run => new LiveRun(Listing(run), run < 3 ? Progress(Name(run)) : null))]);

    internal LiveServing Serving => new([new ServedModel("rings", 1200 + _now, 0, 0.8, 3.9, 41, 49_000, 2)]);

    internal void Advance() => Interlocked.Increment(ref _now);

    /// <summary>Null where there is no such run.</summary>
    internal RunProgress? Progress(string name) => Index(name) is not { } run || run >= runs ? null : new(
        name, 1, Listing(run).Phase, _now, Step, 20_000, Step / 400.0, Loss(run, Step), Loss(run, Step) + 0.05, Loss(run, Step) + 0.04, 1e-3, 80_000 + 10 * _now, 100 + _now, 0, 2, Listing(run).Failure)
    {
        Without = run == 1 ? "It works without silo 127.0.0.1:11113, which fell silent." : null,
    };

    /// <summary>As a silo thins it.</summary>
    internal RunSeries Series(string name)
    {
        var run = Index(name) ?? 0;
        var stride = Math.Max(1, points / MostPoints);
        long[] steps = [.. Enumerable.Range(0, points / stride).Select(point => (long)point * stride)];
        return new(
            [.. steps], [.. steps.Select(step => Begin.ToUnixTimeSeconds() + step / 20.0)], [.. steps.Select(_ => stride)],
            [.. steps.Select(step => Loss(run, step))], [.. steps.Select(step => Loss(run, step) - 0.1)], [.. steps.Select(step => Loss(run, step) + 0.1)],
            [.. steps.Select(_ => 1e-3)], [.. steps.Select(step => 80_000.0 + step % 700)], [.. steps.Select(step => 1 + 1 / (1 + step / 100.0))], [.. steps.Select(step => 1 + step % 7 / 20.0)],
            [.. steps.Where(step => step % (20 * stride) == 0).Select(step => new ValidationMark(step, Begin.ToUnixTimeSeconds(), Loss(run, step) + 0.05))],
            [new RunMark(steps[^1] / 2, Begin.ToUnixTimeSeconds(), MarkKind.WorkerLost, "Silo 127.0.0.1:11113 fell silent; others compute what it had.")]);
    }

    private int Step => points + 10 * _now;

    private static string Name(int run) => $"run-{run}";

    private static int? Index(string name) => int.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), out var run) ? run : null;

    private static object Span(string id, string? parent, string name, int? shard, double begun, double seconds) =>
        new { id, parent, name, silo = $"127.0.0.1:{11111 + (shard ?? 0) % 2}", slot = shard / 2 % 2, shard, begun, seconds };

    private RunListing Listing(int run) => new(
        Name(run), 1, run < 3 ? RunPhase.Training : run == 3 ? RunPhase.Failed : RunPhase.Finished, run % 2 == 0 ? "nsf" : "maf", Step, 20_000, Loss(run, Step), Begin.AddMinutes(run),
        run == 3 ? "The loss was not finite in twenty rounds in a row; take a lower --lr." : null, Result: null, IsPublished: run > 3);

    private static double Loss(int run, long step) => 4 + (run % 17) / 10.0 + 3 * Math.Exp(-step / 300.0) + 0.05 * Math.Sin(step * 0.7 + run);
}
