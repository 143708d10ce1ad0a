namespace FlowGrain.Data;

/// <summary>Running totals, to find which of several groups holds the n-th item.</summary>
internal static class Ranks
{
    /// <summary>The items before each group, and all of them at the end.</summary>
    internal static long[] Of(IEnumerable<int> sizes)
    {
        var starts = new List<long> { 0 };
        foreach (var size in sizes)
            starts.Add(starts[^1] + size);
        return [.. starts];
    }

    /// <summary>The group that holds the item; empty groups hold none.</summary>
    internal static int Find(ReadOnlySpan<long> starts, long rank)
    {
        var (low, high) = (0, starts.Length - 1); // starts[low] ≤ rank < starts[high]
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (starts[middle] <= rank) low = middle;
            else high = middle;
        }

        return low;
    }
}
