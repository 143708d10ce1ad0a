using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>Finds the modes of a density on the line from its logarithm at some points, those between two points as well.</summary>
/// <remarks>
/// A logarithm of a density is smooth where the density itself is a needle: a parabola through the best point and those at its
/// sides says where the peak is and how wide, exactly so of a normal density, however far apart the points are.
/// </remarks>
/// <param name="points">Ascending.</param>
/// <param name="logs">The logarithms there, up to a constant.</param>
internal sealed class Peaks(double[] points, double[] logs)
{
    private const int Most = 4;
    private const double Prominence = 1; // nats that separate two of them: less is noise of float32, or a ripple
    private const double Drop = 0.5; // nats below the top at which a width is taken: one deviation of a normal density
    private const double Negligible = 12; // nats of mass below the largest
    private const double LeastShare = 0.3; // of the largest: a peak that was seen badly may have more than it seems

    /// <summary>A component at every peak that may matter.</summary>
    internal ImmutableArray<CauchyComponent> Components()
    {
        var peaks = Tops().Select(Fitted).OrderByDescending(peak => peak.LogMass).ToList();
        peaks = [.. peaks.TakeWhile(peak => peak.LogMass > peaks[0].LogMass - Negligible).Take(Most)];
        double[] shares = [.. peaks.Select(peak => Math.Max(LeastShare, Math.Exp(peak.LogMass - peaks[0].LogMass)))];
        return [.. peaks.Zip(shares, (peak, share) => new CauchyComponent(share / shares.Sum(), peak.Center, peak.Scale))];
    }

    /// <summary>The highest points, between any two of which there is a valley.</summary>
    private List<int> Tops()
    {
        var (tops, top, valley) = (new List<int>(), 0, logs[0]);
        for (var k = 1; k < logs.Length; k++)
        {
            valley = Math.Min(valley, logs[k]);
            var isNext = logs[k] - valley > Prominence && logs[top] - valley > Prominence;
            if (isNext) tops.Add(top);
            if (!isNext && logs[k] <= logs[top]) continue;
            (top, valley) = (k, logs[k]);
        }

        tops.Add(top);
        return tops;
    }

    private (double LogMass, double Center, double Scale) Fitted(int top)
    {
        var (left, right) = (top, top);
        while (left > 0 && logs[top] - logs[left] < Drop) left--;
        while (right < logs.Length - 1 && logs[top] - logs[right] < Drop) right++;
        var (center, scale, height) = Parabola(left, top, right);
        var plateau = (points[Math.Max(top, right - 1)] - points[Math.Min(top, left + 1)]) / 2;
        scale = Math.Clamp(scale, Math.Max(plateau, double.Epsilon), Math.Max(points[right] - points[left], double.Epsilon));
        return (height + Math.Log(scale), center, scale);
    }

    /// <summary>Where the parabola through three points has its top, how wide it is and how high.</summary>
    private (double Center, double Scale, double Height) Parabola(int left, int top, int right)
    {
        if (left == top || right == top) return (points[top], (points[right] - points[left]) / 2, logs[top]);
        var (before, after) = (Slope(left, top), Slope(top, right));
        var curvature = (after - before) / (points[right] - points[left]);
        if (!(curvature < 0 && double.IsFinite(curvature))) return (points[top], (points[right] - points[left]) / 2, logs[top]);
        var slope = before + curvature * (points[top] - points[left]);
        var center = Math.Clamp(points[top] - slope / (2 * curvature), points[left], points[right]);
        var step = center - points[top];
        return (center, Math.Sqrt(-1 / (2 * curvature)), logs[top] + slope * step + curvature * step * step);
    }

    private double Slope(int from, int to) => (logs[to] - logs[from]) / (points[to] - points[from]);
}
