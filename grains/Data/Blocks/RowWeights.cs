namespace FlowGrain.Data;

/// <summary>Weights of rows, float32 in units of their mean; none where each row counts once.</summary>
internal static class RowWeights
{
    /// <summary>Their sum, always in this order: how many the rows are, where each counts once.</summary>
    internal static double Sum(ReadOnlySpan<float> weights, int rows)
    {
        if (weights.IsEmpty) return rows;
        var sum = 0.0;
        foreach (var weight in weights) sum += weight;
        return sum;
    }
}
