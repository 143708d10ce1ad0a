namespace FlowGrain.Bench.Serving;

/// <summary>How many answers took how long, in steps of a few hundredths: a long run has too many to keep each.</summary>
internal sealed class Latencies
{
    private const int StepsOfDouble = 32; // a step is 2.2%
    private readonly long[] _counts = new long[40 * StepsOfDouble]; // up to 2⁴⁰ µs

    internal long Count => _counts.Sum();

    internal void Add(TimeSpan latency) => _counts[(int)(StepsOfDouble * Math.Log2(Math.Max(1, latency.TotalMicroseconds)))]++;

    internal static Latencies Of(IEnumerable<Latencies> parts)
    {
        var all = new Latencies();
        foreach (var part in parts)
            for (var i = 0; i < all._counts.Length; i++) all._counts[i] += part._counts[i];
        return all;
    }

    /// <summary>The latency that a share of the answers did not exceed, milliseconds.</summary>
    internal double Milliseconds(double share)
    {
        var (step, seen, wanted) = (0, 0L, share * Count);
        while (step < _counts.Length - 1 && (seen += _counts[step]) < wanted) step++;
        return Math.Pow(2, (step + 1.0) / StepsOfDouble) / 1000;
    }
}
