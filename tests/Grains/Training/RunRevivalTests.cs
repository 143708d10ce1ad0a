using System.Collections.Immutable;
using System.Threading.Channels;
using FlowGrain.Cluster;
using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Who wakes a run that the journal has as training, on a clock and a list of silos that the test holds.</summary>
public sealed class RunRevivalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly Silos _silos = new();

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 60_000)]
    public async Task A_run_that_could_not_go_on_is_asked_again_though_no_silo_comes_or_goes()
    {
        var asked = new Asked();
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton<IIncomingGrainCallFilter>(asked));
        using var journal = new SqliteJournal(Options.Create(new StorageOptions { Root = _folder.Path }), _clock);
        await journal.FindOrAdd("m", new NewRun("hash", "{}", "nsf", 100));
        using var revival = new RunRevival(journal, embedded.Cluster.Grains, _silos, _clock, NullLogger<RunRevival>.Instance);
        await revival.StartAsync(TestContext.Current.CancellationToken);

        _silos.Change();
        Assert.Equal("m", await asked.Next());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("m", await asked.Next());
        await revival.StopAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The runs that were asked to go on.</summary>
    private sealed class Asked : IIncomingGrainCallFilter
    {
        private readonly Channel<string> _runs = Channel.CreateUnbounded<string>();

        internal ValueTask<string> Next() => _runs.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            await context.Invoke();
            if (context.ImplementationMethod.Name == nameof(IRunGrain.GoOn)) _runs.Writer.TryWrite(context.TargetId.Key.ToString()!);
        }
    }

    /// <summary>A cluster in which silos come when the test says so.</summary>
    private sealed class Silos : IClusterMembershipService
    {
        private readonly Channel<ClusterMembershipSnapshot> _updates = Channel.CreateUnbounded<ClusterMembershipSnapshot>();

        public ClusterMembershipSnapshot CurrentSnapshot { get; } = new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => _updates.Reader.ReadAllAsync();

        internal void Change() => _updates.Writer.TryWrite(CurrentSnapshot);

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public Task<bool> TryKill(SiloAddress siloAddress) => Task.FromResult(false);
    }
}
