using System.Text;

namespace FlowGrain.Flows.Numerics;

/// <summary>
/// Random numbers by counter: draw <c>i</c> is a pure function of seed, purpose and <c>i</c>, so any worker can make any
/// draw and no state has to be saved.
/// </summary>
/// <remarks>Two rounds of the SplitMix64 finaliser over key and counter (Steele, Lea, Flood 2014).</remarks>
public readonly struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15; // 2^64/φ, SplitMix64's increment

    private readonly ulong _key;

    private CounterRandom(ulong key) => _key = key;

    /// <summary>The stream of this seed for this purpose; different purposes give independent streams.</summary>
    public CounterRandom(long seed, string purpose)
    {
        var key = Mix((ulong)seed + Golden);
        foreach (var letter in Encoding.UTF8.GetBytes(purpose)) key = Mix(key ^ letter) + Golden;
        _key = key;
    }

    /// <summary>The stream of one index inside this stream, such as an epoch or a block.</summary>
    public CounterRandom At(long index) => new(Mix(_key ^ Mix((ulong)index + Golden)));

    /// <summary>64 random bits.</summary>
    public ulong Bits(long index) => Mix(Mix(_key + (ulong)index * Golden) ^ _key);

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform(long index) => (Bits(index) >> 11) * (1.0 / (1L << 53));

    /// <summary>An integer in [0, bound), by Lemire's multiplication; its bias is below bound/2^64.</summary>
    public long Below(long bound, long index) => (long)Math.BigMul(Bits(index), (ulong)bound, out _);

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

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
