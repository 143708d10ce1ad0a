namespace FlowGrain.Data;

/// <summary>Mixes 64 bits: every input bit changes half of the output bits.</summary>
/// <remarks>Source: Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", https://doi.org/10.1145/2660193.2660195.</remarks>
internal static class SplitMix
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The mixed bits.</summary>
    internal static ulong Mix(ulong bits)
    {
        bits += Golden;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>A key for one of many uses of another key.</summary>
    internal static ulong Key(ulong key, ulong use) => Mix(Mix(key) ^ use);

    /// <summary>A number in [0, n) from mixed bits.</summary>
    internal static int Below(int n, ulong bits) => (int)Math.BigMul(bits, (ulong)n, out _);
}
