using FlowGrain.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace FlowGrain.Tests.Cluster;

/// <summary>
/// Seeded schedules of kills, halts and restarts of Redis, on silos that are real processes with a supervisor that starts them
/// again: whatever happens, the run ends with the bits of a calm one, and computes at most two commit intervals again. <c>tests/nightly</c>
/// runs eighteen more.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output) : ClusterTest
{
    private const int Steps = 5_000;
    private const int NightSteps = 20_000; // so that a schedule of halts has come to its end before the run has
    private const int Abort = 134; // what Orleans ends a silo with that was declared dead
    private const int Killed = 137; // by another fault of the schedule
    private static readonly string[] Silos = ["a", "b", "c"];
    private static readonly TimeSpan Standstill = TimeSpan.FromMinutes(2); // longer than any recovery, beside whatever else the machine does

    private readonly List<Task> _halts = []; // the others go on meanwhile

    /// <summary>The seeds of the nightly run; the first ones are of every run.</summary>
    public static TheoryData<int> Nightly => [.. Enumerable.Range(2, 18)];

    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(Silos.Select(silo => cluster.Supervise(silo)));

    [Theory(Timeout = 600_000), InlineData(0), InlineData(1)]
    public Task A_run_ends_with_the_bits_of_a_calm_one_whatever_happens(int seed) => Survive(seed, Steps).WaitAsync(TestContext.Current.CancellationToken);

    [Theory(Explicit = true, Timeout = 3_600_000), MemberData(nameof(Nightly))]
    public Task A_run_ends_with_the_bits_of_a_calm_one_whatever_happens_at_night(int seed) => Survive(seed, NightSteps).WaitAsync(TestContext.Current.CancellationToken);

    private async Task Survive(int seed, int steps)
    {
        var plan = Embedded.Plan(steps: steps) with { Shards = 8 };
        var calm = await Embedded.Train("calm", plan);
        var faults = new Queue<Fault>(Fault.Schedule(seed, steps));
        output.WriteLine($"seed {seed}: {string.Join(", ", faults.Select(fault => $"{fault.Kind} after step {fault.AfterStep}"))}");
        try
        {
            await Survive(plan, calm, faults);
        }
        catch (Exception failure)
        {
            foreach (var said in Cluster.Said) output.WriteLine(said);
            output.WriteLine(failure.Message); // again, where a log that was cut short still has it
            throw;
        }
    }

    private async Task Survive(TrainingPlan plan, RunResult calm, Queue<Fault> faults)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"{Redis.Address},abortConnect=false");
        var journal = new RedisJournal(redis, Options.Create(new Orleans.Configuration.ClusterOptions { ClusterId = "test" }), TimeProvider.System, NullLogger<RedisJournal>.Instance);
        var (recovery, commits) = (new Recovery(TimeProvider.System), new Commits(journal, "chaos", TimeProvider.System));
        var (seen, step, now) = (TimeProvider.System.GetTimestamp(), -1L, "");
        var training = Cluster.Train("chaos", plan, async progress =>
        {
            if (progress.Step != step) (seen, step) = (TimeProvider.System.GetTimestamp(), progress.Step);
            now = $"{progress}";
            if (recovery.Saw(progress) is { } sentence)
            {
                output.WriteLine(sentence);
                commits.Again();
            }

            await commits.Look();
            if (recovery.IsUnderWay || !faults.TryPeek(out var next) || progress.Step < next.AfterStep) return;
            commits.RequireTwoIntervals();
            recovery.Begin(faults.Dequeue(), progress, commits.Newest);
            await Strike(next.Kind);
        });
        while (!training.IsCompleted)
        {
            await Task.WhenAny(training, Task.Delay(Standstill / 10, TimeProvider.System, TestContext.Current.CancellationToken));
            Assert.True(training.IsCompleted || TimeProvider.System.GetElapsedTime(seen) < Standstill, $"The run stands still since {Standstill}: {now}");
        }

        var result = await training;
        await Task.WhenAll(_halts).WaitAsync(Standstill, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Empty(faults);
        Assert.Equal(calm.WeightsSha256, result.WeightsSha256);
        Assert.Equal(calm.ValidationNll, result.ValidationNll);
    }

    /// <summary>Halts a silo that then goes on or ends by itself, and never with a mistake.</summary>
    private static async Task Halt(RealProcess silo)
    {
        await silo.Sleep(TimeSpan.FromSeconds(20));
        if (silo.HasExited) Assert.Contains(silo.ExitCode, new[] { Abort, Killed });
    }

    private async Task Strike(FaultKind kind)
    {
        var (run, range) = (await Cluster.HomeOf(Cluster.Grains.GetGrain<IRunGrain>("chaos")), await Cluster.HomeOf(Cluster.Grains.GetGrain<IAggregatorGrain>("chaos/0")));
        var aside = Silos.FirstOrDefault(silo => silo != run && silo != range, Silos[0]);
        switch (kind)
        {
            case FaultKind.KillWorkers: (await Cluster.Living(aside)).Strike(); break;
            case FaultKind.KillRun: (await Cluster.Living(run ?? aside)).Strike(); break;
            case FaultKind.KillRange: (await Cluster.Living(range ?? aside)).Strike(); break;
            case FaultKind.KillAll: foreach (var silo in Silos) Cluster[silo].Strike(); break;
            case FaultKind.HaltRun: _halts.Add(Halt(await Cluster.Living(run ?? aside))); break;
            case FaultKind.HaltRange: _halts.Add(Halt(await Cluster.Living(range ?? aside))); break;
            case FaultKind.HaltWorkers: _halts.Add(Halt(await Cluster.Living(aside))); break;
            case FaultKind.RestartRedis: Redis.Restart(); break;
        }
    }
}
