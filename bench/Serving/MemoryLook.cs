using System.Globalization;

namespace FlowGrain.Bench.Serving;

/// <summary>The memory of a silo at a moment: what is not of .NET's heaps is native, of code, stacks, libraries and what they allocate.</summary>
/// <param name="Seconds">When, since the load began.</param>
/// <param name="Resident">All that it has, MB.</param>
/// <param name="Committed">What .NET's heaps held after their last collection, MB.</param>
/// <param name="Live">What of that was in use, MB.</param>
/// <param name="Collections">Collections of the oldest generation so far.</param>
internal sealed record MemoryLook(double Seconds, double Resident, double Committed, double Live, double Collections)
{
    /// <summary>Looks, through the metrics of the silo.</summary>
    internal static async Task<MemoryLook> Of(ServingSilo silo, HttpClient http, double seconds)
    {
        var lines = (await http.GetStringAsync(new Uri(silo.Url, "/metrics"))).Split('\n');
        return new MemoryLook(
            seconds, silo.Resident / 1e6, Sum("dotnet_gc_last_collection_memory_committed_size_bytes") / 1e6, Sum("dotnet_gc_last_collection_heap_size_bytes") / 1e6,
            Sum("dotnet_gc_collections_total", "gen2"));

        double Sum(string name, string label = "") => lines.Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal)).Sum(Value);
    }

    /// <inheritdoc />
    public override string ToString() =>
        $"after {Seconds / 60:F1} min: resident {Resident:F0} MB, heaps {Committed:F0} MB ({Live:F0} in use), native {Resident - Committed:F0} MB, {Collections:F0} collections of the oldest generation";

    /// <summary>The value of a line: what stands behind the labels, or behind the name, before a time.</summary>
    private static double Value(string line) => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).First(word => char.IsAsciiDigit(word[0])), CultureInfo.InvariantCulture);
}
