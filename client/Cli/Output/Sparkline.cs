namespace FlowGrain.Cli.Output;

/// <summary>A curve in one line of text.</summary>
internal static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇";
    private const double TopShare = 0.9; // the first losses tower over the rest: higher values share the top level

    /// <summary>The curve in at most <paramref name="width"/> characters, each the mean of its stretch.</summary>
    internal static string Draw(IReadOnlyList<double> values, int width)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length == 0 || width < 1) return "";
        var means = Stretches(finite, Math.Min(width, finite.Length));
        var low = means.Min();
        var high = means.Order().ElementAt((int)(TopShare * (means.Length - 1)));
        return string.Concat(means.Select(mean => Levels[Level(mean, low, high)]));
    }

    private static double[] Stretches(double[] values, int count) =>
        [.. Enumerable.Range(0, count).Select(i => values[(i * values.Length / count)..((i + 1) * values.Length / count)].Average())];

    private static int Level(double value, double low, double high) => high > low
        ? (int)Math.Round(Math.Clamp((value - low) / (high - low), 0, 1) * (Levels.Length - 1))
        : 0;
}
