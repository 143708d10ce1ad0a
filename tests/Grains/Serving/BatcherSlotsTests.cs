using FlowGrain.Cluster;
using FlowGrain.Serving;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>When a second slot takes batches.</summary>
public sealed class BatcherSlotsTests : IDisposable
{
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 2 }));
    private readonly ModelEngine _engine;

    public BatcherSlotsTests() => _engine = new ModelEngine(StoredModels.Some("m"), _slots, new ServingOptions { RequestRows = int.MaxValue, QueueRows = int.MaxValue }, TimeProvider.System);

    public void Dispose() => _slots.Dispose();

    [Fact]
    public async Task A_lone_row_does_not_wait_behind_a_large_batch_while_a_slot_is_free()
    {
        await Ask(1); // makes the flow of one slot
        await _engine.Warm();
        var large = Ask(2_000_000); // a second's work
        while (_engine.Statistics.Load("m", 1).Waiting > 0) await Task.Yield(); // until a slot computes it
        await Ask(1);
        Assert.False(large.IsCompleted);
        Assert.Equal(2_000_000, (await large).LogDensity.Length);
    }

    private Task<Densities> Ask(int rows) => _engine.Batches.LogDensity(new Block<double>(new double[rows * _engine.Width]), latent: false, patience: null, TestContext.Current.CancellationToken);
}
