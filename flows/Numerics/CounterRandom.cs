using System.Runtime.Intrinsics;
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
        var (even, odd) = Pairs(Vector256.Create(Uniform(pair)), Vector256.Create(Uniform(pair + 1)));
        return ((index & 1) == 0 ? even : odd).ToScalar();
    }

    /// <summary>Standard normal draws number <paramref name="first"/> and following, those of <see cref="Normal"/>; four pairs at a time.</summary>
    public void Normals(long first, Span<double> draws)
    {
        const int AtOnce = 8;

        var i = 0;
        if ((first & 1) == 1 && i < draws.Length) draws[i++] = Normal(first);
        for (; i + AtOnce <= draws.Length; i += AtOnce)
        {
            var at = first + i;
            var (even, odd) = Pairs(
                Vector256.Create(Uniform(at), Uniform(at + 2), Uniform(at + 4), Uniform(at + 6)), Vector256.Create(Uniform(at + 1), Uniform(at + 3), Uniform(at + 5), Uniform(at + 7)));
            for (var pair = 0; pair < Vector256<double>.Count; pair++) (draws[i + 2 * pair], draws[i + 2 * pair + 1]) = (even[pair], odd[pair]);
        }

        for (; i < draws.Length; i++) draws[i] = Normal(first + i);
    }

    /// <summary>Standard normal draws number <paramref name="first"/> and following, rounded to float32.</summary>
    public void Normals(long first, Span<float> draws)
    {
        Span<double> exact = stackalloc double[256];
        for (var i = 0; i < draws.Length; i += exact.Length)
        {
            var some = exact[..Math.Min(exact.Length, draws.Length - i)];
            Normals(first + i, some);
            for (var j = 0; j < some.Length; j++) draws[i + j] = (float)some[j];
        }
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

    private static (Vector256<double> Even, Vector256<double> Odd) Pairs(Vector256<double> u, Vector256<double> v)
    {
        var radius = Vector256.Sqrt(-2.0 * PortableMath.Log(Vector256<double>.One - u)); // 1 − u lies in (0, 1]
        var (sine, cosine) = PortableMath.SineAndCosineOfTurns(v);
        return (radius * cosine, radius * sine);
    }
}
