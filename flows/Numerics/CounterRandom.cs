using System.Text;

namespace FlowGrain.Flows.Numerics;

/// <summary>
/// Random numbers by counter: draw <c>i</c> is a pure function of seed, purpose and <c>i</c>, so any worker can make any
/// draw and no state has to be saved.
/// </summary>
/// <remarks>Two rounds of the finaliser of <see cref="SplitMix"/> over key and counter.</remarks>
public readonly struct CounterRandom
{
    private readonly ulong _key;

    private CounterRandom(ulong key) => _key = key;

    /// <summary>The stream of this seed for this purpose; different purposes give independent streams.</summary>
    public CounterRandom(long seed, string purpose)
    {
        var key = SplitMix.Mix((ulong)seed);
        foreach (var letter in Encoding.UTF8.GetBytes(purpose)) key = SplitMix.Finish(key ^ letter) + SplitMix.Golden;
        _key = key;
    }

    /// <summary>The stream of one index inside this stream, such as an epoch or a block.</summary>
    public CounterRandom At(long index) => new(SplitMix.Finish(_key ^ SplitMix.Mix((ulong)index)));

    /// <summary>64 random bits.</summary>
    public ulong Bits(long index) => SplitMix.Finish(SplitMix.Finish(_key + (ulong)index * SplitMix.Golden) ^ _key);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform(long index) => SplitMix.Uniform(Bits(index));

    /// <summary>An integer in [0, bound), by Lemire's multiplication; its bias is below bound/2^64.</summary>
    public long Below(long bound, long index) => SplitMix.Below(bound, Bits(index));

    /// <summary>A standard normal draw, by Box and Muller; draws 2k and 2k+1 come from one pair.</summary>
    public double Normal(long index)
    {
        var pair = index & ~1L;
        var radius = Math.Sqrt(-2 * PortableMath.Log(1 - Uniform(pair))); // 1 − u lies in (0, 1]
        var (sin, cos) = PortableMath.SineAndCosineOfTurns(Uniform(pair + 1));
        return radius * ((index & 1) == 0 ? cos : sin);
    }

    /// <summary>A permutation of [0, n), by Fisher and Yates.</summary>
    public int[] Permutation(int n)
    {
        var order = new int[n];
        for (var i = 0; i < n; i++)
        {
            var j = (int)Below(i + 1, i);
            order[i] = order[j];
            order[j] = i;
        }

        return order;
    }
}
