using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Silo.Inference.Malformed;

/// <summary>Choices that a seed and a number decide, one after another.</summary>
internal sealed class Dice(long seed, long number)
{
    private readonly CounterRandom _random = new CounterRandom(seed, "malformed").At(number);
    private long _thrown;

    internal int Below(int bound) => (int)_random.Below(bound, _thrown++);

    internal bool Is(double share) => _random.Uniform(_thrown++) < share;

    internal T Of<T>(params T[] choices) => choices[Below(choices.Length)];

    internal byte[] Bytes(int count) => [.. Enumerable.Range(0, count).Select(_ => (byte)_random.Bits(_thrown++))];
}
