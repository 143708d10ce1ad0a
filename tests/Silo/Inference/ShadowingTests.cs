using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Silo.Inference;
using FlowGrain.Tests.Flows;
using FlowGrain.Tests.Grains.Serving;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Requests that a second version computes beside the one that answers them, on one slot that the test holds busy.</summary>
public sealed class ShadowingTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly ManualResetEventSlim _free = new();
    private readonly ModelStatistics _statistics = new();
    private readonly ModelStore _store;
    private readonly ModelEngines _engines;

    public ShadowingTests()
    {
        _store = StoredModels.In(_folder.Path);
        _engines = new ModelEngines(_store, _slots, Options.Create(new ServingOptions()), _statistics, TimeProvider.System, NullLogger<ModelEngines>.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int Waiting => _statistics.Of("m", 2).Load("m", 2).Waiting;

    public void Dispose()
    {
        _free.Set();
        _engines.Dispose();
        _slots.Dispose();
        _free.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task While_as_many_shadows_wait_as_may_further_requests_are_answered_without_one()
    {
        var (shadow, shadowing, busy) = (await Shadowed(), In(Room(new ServingOptions().BodyBytes)), Busy());
        for (var i = 0; i < 10; i++) shadowing.Follow("m", version: "1", Row(i), []); // who names a version has no shadow
        Assert.Equal(0, Waiting);
        for (var i = 0; i < Shadowing.Most + 10; i++) shadowing.Follow("m", version: null, Row(i), []);
        Assert.Equal(Shadowing.Most, Waiting);
        _free.Set();
        await busy;
        await shadow.Batches.LogDensity(new Block<double>(new double[2]), latent: false, patience: null, Cancellation); // behind the others
        Assert.Equal(Shadowing.Most + 1, _statistics.Of("m", 2).Rows);
    }

    [Fact]
    public async Task Shadows_take_half_of_the_room_for_bodies_at_most_until_they_are_computed_and_what_finds_none_is_answered_without_one()
    {
        const int RowBytes = 2 * 2 * sizeof(double), Rows = 3;

        var room = Room(2 * Rows * RowBytes);
        var (shadow, shadowing, busy) = (await Shadowed(), In(room), Busy());
        for (var i = 0; i < Rows + 10; i++) shadowing.Follow("m", version: null, Row(i), []);
        Assert.Equal(Rows, Waiting);
        using (var client = new TakenRoom(room)) client.Grow(Rows * RowBytes); // the other half is there
        using (var client = new TakenRoom(room)) Assert.Throws<OverloadedException>(() => client.Grow(Rows * RowBytes + 1));
        _free.Set();
        await busy;
        await shadow.Batches.LogDensity(new Block<double>(new double[2]), latent: false, patience: null, Cancellation); // behind the others
        Assert.Equal(Rows + 1, _statistics.Of("m", 2).Rows);
        await Until(() =>
        {
            using var all = room.Spare(Rows * RowBytes);
            return all is not null;
        });
    }

    private Shadowing In(BodyRoom room) => new(
        new ServedModels(_engines, new KnownModels(_store, TimeProvider.System, NullLogger<KnownModels>.Instance)),
        room, new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), NullLogger<Shadowing>.Instance);

    private static BodyRoom Room(long bytes) => new(Options.Create(new ServingOptions { BodyBytes = bytes }), TimeProvider.System);

    /// <summary>The slot computes something else until it is set free.</summary>
    private Task<bool> Busy() => _slots[0].Run(() =>
    {
        _free.Wait(Cancellation);
        return true;
    });

    private static async Task Until(Func<bool> isSo)
    {
        while (!isSo()) await Task.Yield();
    }

    /// <summary>A model whose second version shadows all requests, in memory.</summary>
    private async Task<ModelEngine> Shadowed()
    {
        for (var version = 1; version <= 2; version++) _store.Publish(StoredModels.With("m", version, TestFlows.Weights(TestFlows.Spec("nsf", 2), seed: version)), []);
        await Change(_store.Happened(RegistryChangeKind.Pointed) with { Alias = "champion", Version = 1 });
        await Change(_store.Happened(RegistryChangeKind.Pointed) with { Alias = "challenger", Version = 2 });
        await Change(_store.Happened(RegistryChangeKind.Shadowed) with { Alias = "challenger", PerMille = TrafficRule.Whole });
        return await _engines.Known("m", 2);
    }

    private Task Change(RegistryChange change) => _store.Change("m", (_, _) => change, Cancellation);

    private static InferenceRequest Row(int id) => new() { Id = $"{id}", Inputs = [new Tensor("x", Datatype.Single, [1, 2], [0.5, 0.25], [])] };
}
