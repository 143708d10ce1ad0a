using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace FlowGrain.Cluster;

/// <summary>The worker slots of this silo, and threads for what is not a slot's work: adding gradients, stepping, writing snapshots.</summary>
internal sealed class DeviceSlots(IOptions<DevicesOptions> options) : IDisposable
{
    private readonly ImmutableArray<DeviceSlot> _slots =
        [.. Enumerable.Range(0, options.Value.Cpu).Select(index => new DeviceSlot(index))];

    /// <summary>How many.</summary>
    internal int Count => _slots.Length;

    /// <summary>How many compute right now.</summary>
    internal int Busy => _slots.Count(slot => slot.IsBusy);

    /// <summary>Adds gradients and steps optimizers: short jobs that a round waits for.</summary>
    internal DedicatedThread Reduction { get; } = new("flowgrain-reduction");

    /// <summary>Hashes snapshots and waits for the disk.</summary>
    internal DedicatedThread Writing { get; } = new("flowgrain-writing");

    /// <summary>A slot.</summary>
    internal DeviceSlot this[int index] => _slots[index];

    /// <inheritdoc />
    public void Dispose()
    {
        Reduction.Dispose();
        Writing.Dispose();
        foreach (var slot in _slots) slot.Dispose();
    }
}

/// <summary>One device: a thread that computes one thing at a time.</summary>
internal sealed class DeviceSlot(int index) : IDisposable
{
    private readonly DedicatedThread _thread = new($"flowgrain-cpu-{index}");
    private int _jobs;

    /// <summary>Whether it computes, or has jobs that wait.</summary>
    internal bool IsBusy => Volatile.Read(ref _jobs) > 0;

    /// <summary>Computes on the slot's thread.</summary>
    internal async Task<T> Run<T>(Func<T> job)
    {
        Interlocked.Increment(ref _jobs);
        try
        {
            return await _thread.Run(job);
        }
        finally
        {
            Interlocked.Decrement(ref _jobs);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _thread.Dispose();
}
