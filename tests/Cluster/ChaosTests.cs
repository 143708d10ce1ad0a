using FlowGrain.Tests.Grains;
using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>
/// Seeded schedules of kills, halts and restarts of Redis, on silos that are real processes with a supervisor that starts them
/// again: whatever happens, the run ends with the bits of a calm one. <c>tests/nightly</c> runs eighteen more.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Steps = 10_000;
    private static readonly string[] Silos = ["a", "b", "c"];

    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new();
    private readonly List<Task> _halts = []; // the others go on meanwhile
    private EmbeddedFixture _embedded = null!;
    private SiloCluster _cluster = null!;

    /// <summary>The seeds of the nightly run; the first ones are of every run.</summary>
    public static TheoryData<int> Nightly => [.. Enumerable.Range(2, 18)];

    public async ValueTask InitializeAsync()
    {
        _embedded = await EmbeddedFixture.Start();
        _cluster = new SiloCluster(_redis, _folder.In("store"), Path.GetDirectoryName(_embedded.Plan().Data.Path)!);
        await Task.WhenAll(Silos.Select(silo => _cluster.Supervise(silo)));
        await _cluster.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _embedded.DisposeAsync();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Theory(Timeout = 600_000), InlineData(0), InlineData(1)]
    public Task A_run_ends_with_the_bits_of_a_calm_one_whatever_happens(int seed) => Survive(seed).WaitAsync(TestContext.Current.CancellationToken);

    [Theory(Explicit = true, Timeout = 900_000), MemberData(nameof(Nightly))]
    public Task A_run_ends_with_the_bits_of_a_calm_one_whatever_happens_at_night(int seed) => Survive(seed).WaitAsync(TestContext.Current.CancellationToken);

    private async Task Survive(int seed)
    {
        var plan = _embedded.Plan(steps: Steps) with { Shards = 8 };
        var calm = await _embedded.Train("calm", plan);
        var faults = new Queue<Fault>(Fault.Schedule(seed, Steps));
        output.WriteLine($"seed {seed}: {string.Join(", ", faults.Select(fault => $"{fault.Kind} after step {fault.AfterStep}"))}");
        var recovery = new Recovery(TimeProvider.System);
        var result = await _cluster.Train("chaos", plan, async progress =>
        {
            if (recovery.Saw(progress) is { } sentence) output.WriteLine(sentence);
            if (recovery.IsUnderWay || !faults.TryPeek(out var next) || progress.Step < next.AfterStep) return;
            recovery.Begin(faults.Dequeue(), progress.Step);
            await Strike(next.Kind);
        });
        await Task.WhenAll(_halts);
        Assert.Empty(faults);
        Assert.Equal(calm.WeightsSha256, result.WeightsSha256);
        Assert.Equal(calm.ValidationNll, result.ValidationNll);
    }

    private async Task Strike(FaultKind kind)
    {
        var (run, range) = (await _cluster.HomeOf(_cluster.Grains.GetGrain<IRunGrain>("chaos")), await _cluster.HomeOf(_cluster.Grains.GetGrain<IAggregatorGrain>("chaos/0")));
        var aside = Silos.FirstOrDefault(silo => silo != run && silo != range, Silos[0]);
        switch (kind)
        {
            case FaultKind.KillWorkers: _cluster[aside].Strike(); break;
            case FaultKind.KillRun: _cluster[run ?? aside].Strike(); break;
            case FaultKind.KillRange: _cluster[range ?? aside].Strike(); break;
            case FaultKind.KillAll: foreach (var silo in Silos) _cluster[silo].Strike(); break;
            case FaultKind.Halt: _halts.Add(_cluster[run ?? aside].Sleep(TimeSpan.FromSeconds(20))); break;
            case FaultKind.RestartRedis: _redis.Restart(); break;
        }
    }
}
