using FlowGrain.Flows.Numerics;

namespace FlowGrain.Cli.Rendering;

/// <summary>What a coordinate of latents should be distributed as.</summary>
/// <param name="Cumulative">P(Z ≤ z).</param>
/// <param name="Density">Its density on the cells of an axis.</param>
/// <param name="Axis">Where nearly all of it lies.</param>
/// <param name="Draws">Draws that it is known by; infinite where it is known exactly.</param>
internal sealed record LatentBase(Func<double, double> Cumulative, Func<Axis, int, double[]> Density, Axis Axis, double Draws)
{
    private const double Tail = 0.001, Margin = 0.15;

    /// <summary>The standard normal.</summary>
    internal static LatentBase Normal { get; } = new(
        NormalDistribution.Cumulative,
        static (axis, cells) => [.. Enumerable.Range(0, cells).Select(i => Math.Exp(-axis.Center(i, cells) * axis.Center(i, cells) / 2) / Math.Sqrt(Math.Tau))],
        new("z", -4, 4), double.PositiveInfinity);

    /// <summary>Whatever these were drawn from.</summary>
    internal static LatentBase Of(IEnumerable<double> draws)
    {
        double[] sorted = [.. draws.Order()];
        var (low, high) = (sorted[(int)(Tail * (sorted.Length - 1))], sorted[(int)((1 - Tail) * (sorted.Length - 1))]);
        var margin = Margin * (high - low);
        return new(z => Share(sorted, z), (axis, cells) => Histogram.Line(sorted, axis, cells), new("z", low - margin, high + margin), sorted.Length);
    }

    /// <summary>The gap that so many latents of the base itself stay below 95 times in a hundred (Kolmogorov and Smirnov).</summary>
    internal double Chance(int latents) => 1.358 * Math.Sqrt((1.0 / latents) + (1 / Draws));

    private static double Share(double[] sorted, double z)
    {
        var (low, high) = (0, sorted.Length); // how many are not above z
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] <= z) low = middle + 1;
            else high = middle;
        }

        return low / (double)sorted.Length;
    }
}
