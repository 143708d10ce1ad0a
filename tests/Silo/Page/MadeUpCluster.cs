using System.Collections.Concurrent;
using FlowGrain.Api;
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
    /// <summary>The run of which there are three versions: the first finished, the second was stopped, the newest trains.</summary>
    internal const string Again = "run-2";

    /// <summary>A run whose rounds are slow and fail, and which no longer answers.</summary>
    internal const string Troubled = "run-1";

    /// <summary>A run with a spike of its loss in one round, and rounds without a gradient norm.</summary>
    internal const string Spiky = "run-5";

    /// <summary>The share of its points at which it has the spike, and those between which it has no norm.</summary>
    internal const double SpikeAt = 0.7, GapFrom = 0.3, GapTo = 0.5;

    private const int MostPoints = 1000; // as a silo has it
    private static readonly DateTimeOffset Epoch = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ConcurrentDictionary<string, RunPhase> _told = []; // what a run was told to do
    private readonly ConcurrentDictionary<string, int> _published = []; // models that another made
    private int _now;

    private static TracedRound Round { get; } = new(
        "4bf92f3577b34da6a3ce929d0e0e4736", 12, Epoch, 0.2,
        [Span("1", null, "flowgrain.round", null, 0, 0.2), .. Enumerable.Range(0, 8).Select(shard => Span($"{shard + 2}", "1", "flowgrain.shard.compute", shard, shard / 4 * 0.09, 0.08))]);

    internal LiveCluster Overview => new(
        [.. Enumerable.Range(0, 2).Select(silo => new SiloDescription($"127.0.0.1:{11111 + silo}@7", "0.1.0", ["kernels-4-avx2"], 2, 2) { Holders = [Name(silo), _now % 4 < 2 ? Name(2) : null] })],
        new StorageUse(48_000_000 + 1_000_000 * Imports, 200_000_000, 1_000_000, null));

    internal LiveRuns Runs => new([.. Enumerable.Range(0, runs).SelectMany(run => Versions(run).Select(version => Listing(run, version))).Select(run => new LiveRun(run, run.Phase == RunPhase.Training ? Progress(run.Run) : null, IsStale: run.Run == Troubled)), .. _published.Select(model => new LiveRun(Published(model.Key, model.Value), null))]);

    internal LiveServing Serving => new([new ServedModel("rings", 1200 + _now, 0, 0.8, 3.9, 41, 49_000, 2), new ServedModel("rings.detect", 40, 0, 2.1, 6.5, 3, 120, 0), new ServedModel("wide", 0, 7, double.NaN, double.NaN, double.NaN, 0, 0)]);

    /// <summary>Whether nothing is told of it, as when a silo hangs.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>Data sets that were imported meanwhile.</summary>
    internal int Imports { get; set; }

    /// <summary>Begins one more run.</summary>
    internal void Begin() => runs++;

    /// <summary>Makes a version of a model.</summary>
    internal void Publish(string model, int version) => _published[model] = version;

    /// <summary>The newest version of a model.</summary>
    internal int VersionOf(string model) => _published.GetValueOrDefault(model, 2);

    internal void Advance() => Interlocked.Increment(ref _now);

    internal void Tell(string run, RunPhase phase) => _told[run] = phase;

    /// <summary>A version that is not the newest learned in fewer steps.</summary>
    internal static TrainingPlan Plan(string run, int? version) => new()
    {
        Data = new DataSelection("/data/pairs.csv", ["x", "y"], [], MissingRows.Refuse),
        Steps = version is { } asked && asked < Newest(Index(run)) ? 500 * asked : 20_000,
    };

    /// <summary>Null where the run has made none of late.</summary>
    internal TracedRound? RoundOf(string run, int? version) => Progress(run, version)?.Phase != RunPhase.Training ? null
        : run == Troubled ? Round with { Failure = "Shard 3 was computed by nobody.", IsSlow = true, Spans = [.. Round.Spans, Span("late", "1", "flowgrain.shard.submit", 1, -0.05, 0.02)] } : Round; // of a silo whose clock is behind

    internal RunOutcome Result(string run, int? version) => new(Progress(run, version) is { Phase: RunPhase.Finished } found
        ? new RunResult(run, run, found.Version, 50_000, 2, 40_000, found.Step, 1.5, 5.1, 5.2, 6.4, 80_000, 61, "ab", "kernels-4-avx2", $"/models/{run}/{found.Version}")
        : null);

    /// <summary>Null where there is no such run.</summary>
    internal RunProgress? Progress(string name, int? version = null) => Index(name) is not { } run || run >= runs ? null : Progress(name, run, Listing(run, version ?? Newest(run)));

    private RunProgress Progress(string name, int run, RunListing listing) => new(
        name, listing.Version, listing.Phase, _now, listing.Step, listing.Steps, listing.Step / 400.0, Loss(run, Step), Loss(run, Step) + 0.05, Loss(run, Step) + 0.04, 1e-3, 80_000 + 10 * _now, 100 + _now, 0, 2, listing.Failure)
    {
        Objective = listing.Objective,
        Without = run == 1 ? "It works without silo 127.0.0.1:11113, which fell silent." : null,
    };

    /// <summary>As a silo thins it.</summary>
    internal RunSeries Series(string name)
    {
        var run = Index(name) ?? 0;
        var stride = Math.Max(1, points / MostPoints);
        long[] steps = [.. Enumerable.Range(0, points / stride).Select(point => (long)point * stride)];
        return new(
            [.. steps], [.. steps.Select(step => Epoch.ToUnixTimeSeconds() + step / 20.0)], [.. steps.Select(_ => stride)],
            [.. steps.Select(step => Loss(run, step))], [.. steps.Select(step => Loss(run, step) - 0.1)], [.. steps.Select((step, i) => Loss(run, step) + (name == Spiky && i == (int)(SpikeAt * steps.Length) ? 30 : 0.1))],
            [.. steps.Select(_ => 1e-3)], [.. steps.Select(step => 80_000.0 + step % 700)], [.. steps.Select((step, i) => IsGap(name, i, steps.Length) ? double.NaN : 1 + 1 / (1 + step / 100.0))], [.. steps.Select(step => 1 + step % 7 / 20.0)],
            [.. steps.Where(step => step % (20 * stride) == 0).Select(step => new ValidationMark(step, Epoch.ToUnixTimeSeconds(), Loss(run, step) + 0.05))],
            [new RunMark(steps[^1] / 2, Epoch.ToUnixTimeSeconds(), MarkKind.WorkerLost, "Silo 127.0.0.1:11113 fell silent; others compute what it had.")])
        {
            Objective = Objective(run),
            LearningRateMin = [.. steps.Select(_ => 1e-3)],
            LearningRateMax = [.. steps.Select(_ => 1e-3)],
            RowsPerSecondMin = [.. steps.Select(step => 78_000.0 + step % 700)],
            RowsPerSecondMax = [.. steps.Select(step => 83_000.0 + step % 700)],
            GradientNormMin = [.. steps.Select((step, i) => IsGap(name, i, steps.Length) ? double.NaN : 0.8 + 1 / (1 + step / 100.0))],
            StragglerMin = [.. steps.Select(_ => 1.0)],
        };
    }

    private static bool IsGap(string run, int point, int all) => run == Spiky && point >= GapFrom * all && point < GapTo * all;

    private static RunListing Published(string model, int version) =>
        new(model, version, RunPhase.Finished, "nsf", 1000, 1000, 5, Epoch.AddDays(version), null, Result: null, IsPublished: true);

    private int Step => points + 10 * _now;

    private static string Name(int run) => $"run-{run}";

    private static int Newest(int? run) => Name(run ?? 0) == Again ? 3 : 1;

    private static IEnumerable<int> Versions(int run) => Enumerable.Range(1, Newest(run)).Reverse();

    private static int? Index(string name) => int.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), out var run) ? run : null;

    private static RoundSpan Span(string id, string? parent, string name, int? shard, double begun, double seconds) =>
        new(id, parent, name, $"127.0.0.1:{11111 + (shard ?? 0) % 2}", shard / 2 % 2, shard, begun, seconds);

    private RunListing Listing(int run, int version)
    {
        var phase = version < Newest(run) ? version == 1 ? RunPhase.Finished : RunPhase.Stopped
            : _told.TryGetValue(Name(run), out var told) ? told
            : run < 3 ? RunPhase.Training : run == 3 ? RunPhase.Failed : RunPhase.Finished;
        var steps = Plan(Name(run), version).Steps!.Value;
        return new(
            Name(run), version, phase, run % 2 == 0 ? "nsf" : "maf", Math.Min(Step, steps), steps, Loss(run, Step), Epoch.AddMinutes(run + version),
            phase == RunPhase.Failed ? "The loss was not finite in twenty rounds in a row; take a lower --lr." : null, Result: null, IsPublished: phase == RunPhase.Finished)
        {
            Objective = Objective(run),
        };
    }

    private static string Objective(int run) => run == 1 ? "flow-matching" : RunObjectives.Likelihood;

    private static double Loss(int run, long step) => 4 + (run % 17) / 10.0 + 3 * Math.Exp(-step / 300.0) + 0.05 * Math.Sin(step * 0.7 + run);
}
