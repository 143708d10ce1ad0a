using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>What a silo has answered for a model since it started: two of these, one later than the other, tell the load between.</summary>
/// <param name="Model">The model, or the function of it, that was asked.</param>
/// <param name="Version">Its version.</param>
/// <param name="Latencies">Requests answered, by how long that took: see <see cref="LatencySteps"/>.</param>
/// <param name="Failed">Requests that failed.</param>
/// <param name="Batches">Batches computed.</param>
/// <param name="Rows">Their rows.</param>
/// <param name="Waiting">Requests that wait for their batch right now.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ModelLoad")]
public sealed record ModelLoad(
    [property: Id(0)] string Model,
    [property: Id(1)] int Version,
    [property: Id(2)] ImmutableArray<long> Latencies,
    [property: Id(3)] long Failed,
    [property: Id(4)] long Batches,
    [property: Id(5)] long Rows,
    [property: Id(6)] int Waiting);

/// <summary>Latencies in steps of a twelfth, from a microsecond to an hour: enough for quantiles, however many there are.</summary>
public static class LatencySteps
{
    private const int StepsOfDouble = 8;

    /// <summary>How many steps there are.</summary>
    public const int Count = 32 * StepsOfDouble;

    /// <summary>The step of a latency.</summary>
    public static int Of(TimeSpan latency) => Math.Clamp((int)(StepsOfDouble * Math.Log2(Math.Max(1, latency.TotalMicroseconds))), 0, Count - 1);

    /// <summary>The latency that a share of the requests did not exceed, milliseconds; NaN where there were none.</summary>
    public static double Milliseconds(ReadOnlySpan<long> counts, double share)
    {
        var (all, seen) = (0L, 0L);
        foreach (var count in counts) all += count;
        for (var step = 0; step < counts.Length; step++)
            if ((seen += counts[step]) > 0 && seen >= share * all) return Math.Pow(2, (step + 1.0) / StepsOfDouble) / 1000;
        return double.NaN;
    }
}
