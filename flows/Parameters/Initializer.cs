using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows;

/// <summary>Initial values of a parameter: uniform in center ± spread, so a spread of zero is a constant.</summary>
/// <param name="Center">Middle of the range.</param>
/// <param name="Spread">Half of its width.</param>
public sealed record Initializer(double Center, double Spread)
{
    /// <summary>Zeros: a conditioner that ends in zeros starts its flow as the identity.</summary>
    public static Initializer Zero { get; } = new(0, 0);

    /// <summary>A constant.</summary>
    public static Initializer Constant(double value) => new(value, 0);

    /// <summary>U(−1/√n, 1/√n) for a layer of n inputs, PyTorch's default for linear layers.</summary>
    public static Initializer FanIn(int inputs) => new(0, 1 / Math.Sqrt(Math.Max(1, inputs)));

    /// <summary>Values that are given, one a number of the parameter.</summary>
    public static Initializer Of(ImmutableArray<double> values) => new(0, 0) { Values = values };

    /// <summary>The values where they are given; null where they are drawn.</summary>
    public ImmutableArray<double>? Values { get; private init; }

    internal void Fill(Span<double> values, CounterRandom random)
    {
        if (Values is { } given) given.CopyTo(values);
        else
            for (var i = 0; i < values.Length; i++) values[i] = Center + Spread * (2 * random.Uniform(i) - 1);
    }
}
