namespace FlowGrain.Flows.Numerics;

/// <summary>Mixes 64 bits: every input bit changes half of the output bits.</summary>
/// <remarks>Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", https://doi.org/10.1145/2660193.2660195.</remarks>
public static class SplitMix
{
    internal const ulong Golden = 0x9E3779B97F4A7C15; // 2^64/φ, the generator's increment

    /// <summary>The mixed bits.</summary>
    public static ulong Mix(ulong bits) => Finish(bits + Golden);

    /// <summary>A key for one of many uses of another key.</summary>
    public static ulong Key(ulong key, ulong use) => Mix(Mix(key) ^ use);

    /// <summary>A number in [0, n) from mixed bits, by Lemire's multiplication; its bias is below n/2^64.</summary>
    public static long Below(long n, ulong bits) => (long)Math.BigMul(bits, (ulong)n, out _);

    /// <summary>A number in [0, 1) from mixed bits, of which it keeps 53: exact.</summary>
    public static double Uniform(ulong bits) => (bits >> 11) * (1.0 / (1L << 53));

    /// <summary>The generator's finaliser, which leaves 0 as it is.</summary>
    internal static ulong Finish(ulong bits)
    {
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
