using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>Counts distinct values exactly up to a limit; then it forgets them and stands still. At most 1 MiB.</summary>
/// <remarks>A hash table with open addressing and linear probing, four fifths full at most.</remarks>
internal sealed class DistinctValues
{
    /// <summary>Where counting ends.</summary>
    internal const int Limit = 100_000;

    private const ulong Free = 0;
    private ulong[]? _slots = new ulong[64];
    private ulong _last = Free;

    /// <summary>How many distinct values there were, <see cref="Limit"/> at most.</summary>
    internal int Count { get; private set; }

    /// <summary>Adds a number.</summary>
    internal void Add(double value) => Add(BitConverter.DoubleToUInt64Bits(value + 0.0)); // + 0 turns -0 into 0

    /// <summary>Adds any value by 64 bits that stand for it.</summary>
    internal void Add(ulong bits)
    {
        var key = ~bits == Free ? 1 : ~bits; // the complement: 0.0 is common and must not look like a free slot
        if (key == _last || _slots is null) return;

        _last = key;
        if (!TryPlace(_slots, key)) return;
        if (++Count == Limit) _slots = null;
        else if (Count * 5L > _slots.Length * 4L) Grow();
    }

    private static bool TryPlace(ulong[] slots, ulong key)
    {
        var slot = SplitMix.Mix(key);
        while (true)
        {
            ref var found = ref slots[slot++ & (ulong)(slots.Length - 1)];
            if (found == key) return false;
            if (found != Free) continue;

            found = key;
            return true;
        }
    }

    private void Grow()
    {
        var larger = new ulong[_slots!.Length * 2];
        foreach (var key in _slots)
            if (key != Free) TryPlace(larger, key);
        _slots = larger;
    }
}
