namespace FlowGrain.Bench.Serving;

/// <summary>What a soak came to. Memory is judged by what is anonymous: all that a leak can add to, and no file.</summary>
internal sealed record SoakFigures(double Minutes, double Rate, double PerSecond, double P50, double P99, int Refused, int Errors, int WrongVersions, int Swaps, MemoryLook[] Memory, string? FirstError)
{
    private const double MostGrowth = 0.05; // from the third quarter of the time to the last: what collections leave to chance

    /// <summary>Growth of the second half: the median of the last quarter beside that of the third, as a share.</summary>
    public double Growth => Median(3) / Median(2) - 1;

    /// <summary>Whether the memory stays as it is.</summary>
    public bool IsFlat => Growth <= MostGrowth;

    /// <inheritdoc />
    public override string ToString() =>
        $"""
        {Minutes:F1} min at {Rate:F0}/s, {Swaps} swaps (import, champion, deletion): {PerSecond:F0} answers/s, p50 {P50:F2} ms, p99 {P99:F2} ms
        {Errors} errors (asked 0), {WrongVersions} of a wrong version (asked 0), {Refused} refused with 429{(FirstError is null ? "" : $"; the first error: {FirstError}")}
        anonymous memory of the silo, medians of the quarters: {Median(0):F0}, {Median(1):F0}, {Median(2):F0}, {Median(3):F0} MB; {100 * Growth:+0.0;-0.0}% in the second half (asked {100 * MostGrowth:F0} at most), {(Median(3) - Median(2)) * 1e3 / Math.Max(1, Swaps / 4.0):F0} KB a swap
        """;

    private double Median(int quarter)
    {
        var (from, end) = (quarter * Memory.Length / 4, (quarter + 1) * Memory.Length / 4);
        double[] looks = [.. Memory[Math.Min(from, Memory.Length - 1)..Math.Max(end, Math.Min(from, Memory.Length - 1) + 1)].Select(look => look.Anonymous).Order()];
        return looks[looks.Length / 2];
    }
}
