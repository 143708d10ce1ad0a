using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Flows.Transforms;
using FlowGrain.Serving;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>Blocks that lanes compute where something fails.</summary>
public sealed class ScoringLanesTests : ILogger<ScoringSilos>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // a block takes milliseconds

    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly List<(LogLevel Level, string Message, Exception? Error)> _lines = [];

    public void Dispose() => _slots.Dispose();

    [Fact]
    public async Task Where_the_other_silos_cannot_be_followed_the_log_says_so_and_this_one_scores()
    {
        var fault = new InvalidOperationException("The membership is gone.");
        using var lanes = Lanes(StoredModels.Some("m"), new Membership(fault));
        Assert.Equal([(LogLevel.Warning, "Model 'm' is scored by the silos that are known by now: nothing is heard of others", fault)], _lines);
        Assert.Equal(1, (await Score(lanes)).LogDensity.Length);
    }

    [Fact]
    public async Task What_this_silos_own_slots_fail_at_is_the_blocks_fault_and_not_a_silo_that_was_lost()
    {
        var model = StoredModels.Some("m");
        using var lanes = Lanes(model with { Flow = model.Flow with { Transforms = model.Flow.Transforms.Add(new Late()) } }, new Membership(fault: null));
        Assert.Equal(Late.Sentence, (await Assert.ThrowsAsync<TimeoutException>(() => Score(lanes))).Message);
    }

    private static Task<Densities> Score(ScoringLanes lanes) => lanes.LogDensity(new Block<double>(new double[2]), latent: false).WaitAsync(Patience, TimeProvider.System);

    private ScoringLanes Lanes(StoredModel model, Membership membership) =>
        new(new ModelEngine(model, _slots, new ServingOptions(), TimeProvider.System), new ScoringSilos(membership, self: null!, new LeavingSilos(), grains: null!, this));

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add((logLevel, formatter(state, exception), exception));

    /// <summary>A transform that cannot be built, with an error that silos that go away have too.</summary>
    private sealed record Late : TransformSpec
    {
        internal const string Sentence = "It took too long.";

        internal override void Declare(ParameterScope scope, FlowShape shape)
        {
        }

        internal override Bijection Build(ViewScope views, FlowShape shape, ScalarType dtype) => throw new TimeoutException(Sentence);

        internal override IEnumerable<string> Problems(FlowShape shape) => [];
    }

    /// <summary>A cluster of one, or one that cannot be looked at.</summary>
    private sealed class Membership(Exception? fault) : IClusterMembershipService
    {
        public ClusterMembershipSnapshot CurrentSnapshot => throw new NotSupportedException();

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => fault is null ? AsyncEnumerable.Empty<ClusterMembershipSnapshot>() : throw fault;

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new NotSupportedException();
    }
}
