using FlowGrain.Training;

namespace FlowGrain.Cli.Rendering;

/// <summary>The losses that a picture of a run shows; what lies above is drawn on its edge.</summary>
/// <param name="Low">The lowest.</param>
/// <param name="High">The highest.</param>
internal sealed record LossRange(double Low, double High)
{
    private const double LowShare = 0.002, TopShare = 0.97; // the fall of the first steps would flatten all that follows

    /// <summary>Of training and validations alike; null where none is finite.</summary>
    internal static LossRange? Of(IEnumerable<LossPoint> losses)
    {
        var train = Sorted(losses.Select(point => point.TrainNats));
        var validation = Sorted(losses.Select(point => point.ValidationNats ?? double.NaN));
        double[] both = [.. Middle(train), .. Middle(validation)];
        return both.Length == 0 ? null : new(both.Min(), both.Max());
    }

    /// <summary>The line of so many on which a loss lies, 0 on top.</summary>
    internal int Row(double nats, int rows)
    {
        var share = High > Low ? Math.Clamp((nats - Low) / (High - Low), 0, 1) : 0;
        return rows - 1 - (int)Math.Round(share * (rows - 1));
    }

    private static double[] Middle(double[] sorted) => sorted.Length == 0 ? [] : [sorted[(int)(LowShare * (sorted.Length - 1))], sorted[(int)(TopShare * (sorted.Length - 1))]];

    private static double[] Sorted(IEnumerable<double> values) => [.. values.Where(double.IsFinite).Order()];
}
