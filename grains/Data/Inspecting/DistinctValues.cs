using FlowGrain.Flows.Numerics;

namespace FlowGrain.Data;

/// <summary>Counts distinct values, exactly up to a limit and to about half a percent beyond it. At most 1 MiB.</summary>
/// <remarks>
/// A hash table with open addressing and linear probing, four fifths full at most. Beyond the limit it keeps one in two, four,
/// … of the values, chosen by their hashes: adaptive sampling (Wegman; Flajolet, "On adaptive sampling", Computing 43, 1990).
/// What it says depends on the values alone, not on their order.
/// </remarks>
internal sealed class DistinctValues
{
    /// <summary>The most that are counted one by one.</summary>
    internal const int Limit = 100_000;

    private const ulong Free = 0;
    private ulong[] _slots = new ulong[64];
    private ulong _last = Free;
    private int _kept;
    private int _halvings;
    private ulong _passedOver; // bits of which a value that is kept has none in its hash

    /// <summary>How many distinct values there were.</summary>
    internal long Count => (long)_kept << _halvings;

    /// <summary>Whether they were counted one by one.</summary>
    internal bool IsExact => _halvings == 0;

    /// <summary>Adds a number.</summary>
    internal void Add(double value) => Add(BitConverter.DoubleToUInt64Bits(value + 0.0)); // + 0 turns -0 into 0

    /// <summary>Adds any value by 64 bits that stand for it.</summary>
    internal void Add(ulong bits)
    {
        var key = ~bits == Free ? 1 : ~bits; // the complement: 0.0 is common and must not look like a free slot
        if (key == _last) return;

        _last = key;
        if ((SplitMix.Mix(key) & _passedOver) != 0 || !TryPlace(_slots, key)) return;
        if (++_kept > Limit) Halve();
        else if (_kept * 5L > _slots.Length * 4L) Move(_slots.Length * 2);
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

    private void Halve()
    {
        _halvings++;
        _passedOver = ulong.MaxValue << (64 - _halvings); // the slots are told apart by the other end
        Move(_slots.Length);
    }

    private void Move(int length)
    {
        var keys = _slots;
        (_slots, _kept) = (new ulong[length], 0);
        foreach (var key in keys)
            if (key != Free && (SplitMix.Mix(key) & _passedOver) == 0 && TryPlace(_slots, key)) _kept++;
    }
}
