using System.Globalization;

namespace FlowGrain.Cli.Rendering;

/// <summary>One coordinate of the latents g(x) of rows, beside what the base says that it should be.</summary>
/// <param name="Name">Its name, such as z0.</param>
/// <param name="Values">The latents.</param>
/// <param name="Base">What they should be distributed as.</param>
internal sealed record LatentCoordinate(string Name, double[] Values, LatentBase Base)
{
    /// <summary>Their mean.</summary>
    internal double Mean { get; } = Values.Average();

    /// <summary>Their deviation.</summary>
    internal double Deviation { get; } = Math.Sqrt(Values.Average(value => value * value) - (Values.Average() * Values.Average()));

    /// <summary>Largest gap between their distribution and that of the base (Kolmogorov–Smirnov), from 0 to 1.</summary>
    internal double Gap { get; } = GapOf([.. Values.Order()], Base);

    /// <summary>The figures in words.</summary>
    internal string[] Words => [$"mean {Figure(Mean)}", $"deviation {Figure(Deviation)}", $"gap {Figure(Gap)}"];

    internal static string Figure(double value) => value.ToString("0.000;−0.000;0.000", CultureInfo.InvariantCulture);

    private static double GapOf(double[] sorted, LatentBase expected)
    {
        var worst = 0.0;
        foreach (var (i, value) in sorted.Index())
        {
            var share = expected.Cumulative(value);
            worst = Math.Max(worst, Math.Max(Math.Abs(((i + 1.0) / sorted.Length) - share), Math.Abs(((double)i / sorted.Length) - share)));
        }

        return worst;
    }
}
