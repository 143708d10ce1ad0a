using System.Globalization;

namespace FlowGrain.Bench.Serving;

/// <summary>The memory of a silo at a moment, as the system counts it, and beside it what .NET's heaps had.</summary>
/// <param name="Seconds">When, since the load began.</param>
/// <param name="Resident">All that it has, MB, with files that it shares with others.</param>
/// <param name="Private">What of that is its own alone, MB.</param>
/// <param name="Anonymous">What of that is no file: heaps, stacks, what native code allocates, MB. This is what a leak adds to.</param>
/// <param name="Committed">What .NET's heaps had at their last collection, MB: what they have taken since is not in it.</param>
/// <param name="Live">What of that was in use, MB.</param>
/// <param name="Collections">Collections of the oldest generation so far.</param>
internal sealed record MemoryLook(double Seconds, double Resident, double Private, double Anonymous, double Committed, double Live, double Collections)
{
    /// <summary>Looks: at the system's sums over the process's memory, and through its metrics.</summary>
    internal static async Task<MemoryLook> Of(ServingSilo silo, HttpClient http, double seconds)
    {
        var lines = (await http.GetStringAsync(new Uri(silo.Url, "/metrics"))).Split('\n');
        var sums = silo.MemorySums;
        return new MemoryLook(
            seconds, Megabytes(sums, "Rss:"), Megabytes(sums, "Private_Clean:") + Megabytes(sums, "Private_Dirty:"), Megabytes(sums, "Anonymous:"),
            Sum("dotnet_gc_last_collection_memory_committed_size_bytes") / 1e6, Sum("dotnet_gc_last_collection_heap_size_bytes") / 1e6, Sum("dotnet_gc_collections_total", "gen2"));

        double Sum(string name, string label = "") => lines.Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal)).Sum(Value);
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"after {Seconds / 60:F1} min: resident {Resident:F0} MB, private {Private:F0} MB, anonymous {Anonymous:F0} MB; heaps at their last collection {Committed:F0} MB ({Live:F0} in use), {Collections:F0} collections of the oldest generation";

    /// <summary>A sum of smaps_rollup, which has them as <c>Rss:   1024 kB</c>.</summary>
    private static double Megabytes(string[] sums, string name) =>
        1024 * double.Parse(sums.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1e6;

    /// <summary>The value of a line: what stands behind the labels, or behind the name, before a time.</summary>
    private static double Value(string line) => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).First(word => char.IsAsciiDigit(word[0])), CultureInfo.InvariantCulture);
}
