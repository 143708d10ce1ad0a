namespace FlowGrain.Serving;

/// <summary>Curves in one line of text.</summary>
public static class Sparkline
{
    private const string Levels = "▁▂▃▄▅▆▇";
    private const double TopShare = 0.9; // the first losses tower over the rest: higher values share the top level

    /// <summary>A curve in at most <paramref name="width"/> characters, each the mean of its stretch.</summary>
    public static string Draw(IReadOnlyList<double> values, int width)
    {
        var finite = values.Where(double.IsFinite).ToArray();
        if (finite.Length == 0 || width < 1) return "";
        var means = Stretches(finite, Math.Min(width, finite.Length));
        return Marks(means, means.Min(), means.Order().ElementAt((int)(TopShare * (means.Length - 1))));
    }

    /// <summary>Bars that stand on nothing, a character each; one as high as <paramref name="top"/> is the highest.</summary>
    public static string Bars(IEnumerable<double> heights, double top) => Marks(heights, 0, top);

    private static double[] Stretches(double[] values, int count) =>
        [.. Enumerable.Range(0, count).Select(i => values[(i * values.Length / count)..((i + 1) * values.Length / count)].Average())];

    private static string Marks(IEnumerable<double> values, double low, double high) => string.Concat(values.Select(value => Levels[Level(value, low, high)]));

    private static int Level(double value, double low, double high) => high > low
        ? (int)Math.Round(Math.Clamp((value - low) / (high - low), 0, 1) * (Levels.Length - 1))
        : 0;
}
