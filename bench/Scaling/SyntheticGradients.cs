using FlowGrain.Flows.Numerics;

namespace FlowGrain.Bench.Scaling;

/// <summary>
/// Gradients that cost nothing: one vector of normal numbers, turned and scaled by the shard. Their sums round differently
/// in another order.
/// </summary>
internal sealed class SyntheticGradients(int parameters)
{
    private const int Turn = 7919, Scales = 1009; // primes, so that no two of some thousand shards are alike

    private readonly float[] _noise = [.. Enumerable.Range(0, parameters).Select(index => (float)new CounterRandom(1, "scaling").Normal(index))];

    /// <summary>Writes a shard's.</summary>
    internal void Write(int shard, Span<float> gradient)
    {
        var shift = (int)((long)shard * Turn % parameters);
        var scale = 1 + shard % Scales / (float)Scales;
        Scale(_noise.AsSpan(shift), scale, gradient);
        Scale(_noise.AsSpan(0, shift), scale, gradient[(parameters - shift)..]);
    }

    private static void Scale(ReadOnlySpan<float> from, float scale, Span<float> to)
    {
        for (var i = 0; i < from.Length; i++) to[i] = from[i] * scale;
    }
}
