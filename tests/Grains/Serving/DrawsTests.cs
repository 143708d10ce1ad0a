using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Serving;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>Draws for many clients, on one slot that the tests hold busy.</summary>
public sealed class DrawsTests : IDisposable
{
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly FakeTimeProvider _clock = new();
    private readonly ManualResetEventSlim _free = new();
    private readonly ModelEngine _engine;

    public DrawsTests() => _engine = new ModelEngine(StoredModels.Some("m"), _slots, new ServingOptions { QueueRows = 1000 }, _clock);

    public void Dispose()
    {
        _free.Set();
        _slots.Dispose();
        _free.Dispose();
    }

    [Fact]
    public async Task More_rows_than_may_wait_are_refused_until_there_is_room()
    {
        var busy = Busy();
        var first = Draw(900);
        Assert.Contains("900 rows waiting on this silo, of 1000 that may", (await Assert.ThrowsAsync<OverloadedException>(() => Draw(200))).Message, StringComparison.Ordinal);
        _free.Set();
        await busy;
        Assert.Equal(1800, (await first).Length);
        Assert.Equal(400, (await Draw(200)).Length);
        Assert.Equal(10_000, (await Draw(5_000)).Length); // one alone always finds room
    }

    [Fact]
    public async Task Many_requests_of_a_row_do_not_wait_without_bound()
    {
        _ = Busy();
        var drawn = Enumerable.Range(0, 3).Select(_ => Draw(1)).ToList();
        await Assert.ThrowsAsync<OverloadedException>(() => Draw(1));
        _free.Set();
        await Task.WhenAll(drawn);
    }

    [Fact]
    public async Task Densities_come_between_the_pieces_of_many_draws()
    {
        var busy = Busy();
        var drawn = Draw(65_000);
        var scored = _engine.LogDensity(new Block<double>(new double[2]), latent: false, TestContext.Current.CancellationToken);
        _free.Set();
        await busy;
        Assert.Equal(1, (await scored).LogDensity.Length);
        Assert.False(drawn.IsCompleted); // tens of pieces
        Assert.Equal(130_000, (await drawn).Length);
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_is_not_drawn()
    {
        _ = Busy();
        using var gone = new CancellationTokenSource();
        var (abandoned, late) = (_engine.Sample(new SampleRequest(0, 10, 0, new Block<double>(default)), patience: null, gone.Token), Draw(10, TimeSpan.FromSeconds(1)));
        await gone.CancelAsync();
        _clock.Advance(TimeSpan.FromSeconds(2));
        _free.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.Contains("waited 2000.0 ms and allowed 1000.0 ms", (await Assert.ThrowsAsync<ExpiredException>(() => late)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Layers_wait_in_the_room_of_draws_and_who_went_away_gets_none()
    {
        var busy = Busy();
        using var gone = new CancellationTokenSource();
        var abandoned = Layers(900, gone.Token);
        var full = await Assert.ThrowsAsync<OverloadedException>(() => Layers(200, TestContext.Current.CancellationToken));
        Assert.Contains("900 rows waiting on this silo, of 1000 that may", full.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<OverloadedException>(() => Draw(200));
        await gone.CancelAsync();
        _free.Set();
        await busy;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => abandoned);
        Assert.Equal(400, (await Layers(200, TestContext.Current.CancellationToken))[0].Points.Length);
    }

    private Task<ImmutableArray<PushedLayer>> Layers(int rows, CancellationToken cancellation) => _engine.Layers(new SampleRequest(0, rows, 0, new Block<double>(default)), 0, 1, cancellation);

    private Task<bool> Busy() => _slots[0].Run(() =>
    {
        _free.Wait();
        return true;
    });

    private Task<Block<double>> Draw(int rows, TimeSpan? patience = null) => _engine.Sample(new SampleRequest(0, rows, 0, new Block<double>(default)), patience, TestContext.Current.CancellationToken);
}
