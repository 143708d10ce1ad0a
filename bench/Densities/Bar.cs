namespace FlowGrain.Bench.Densities;

/// <summary>What a figure must reach, said in a sentence.</summary>
internal static class Bar
{
    /// <summary>Says whether a figure reaches a bar from below.</summary>
    internal static bool AtLeast(string what, double figure, double bar, string format) => Say(figure >= bar, $"{what} is {figure.ToString(format)}", $"at least {bar.ToString(format)}");

    /// <summary>Says whether a figure stays below a bar.</summary>
    internal static bool AtMost(string what, double figure, double bar, string format) => Say(figure <= bar, $"{what} is {figure.ToString(format)}", $"at most {bar.ToString(format)}");

    private static bool Say(bool isReached, string figure, string bar)
    {
        Console.WriteLine($"{(isReached ? "Reached" : "NOT reached")}: {figure}; it must be {bar}.");
        return isReached;
    }
}
