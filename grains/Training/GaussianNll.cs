using FlowGrain.Data;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Training;

/// <summary>How likely a Gaussian finds the rows of a side.</summary>
internal static class GaussianNll
{
    private const int ChunkRows = 4096;

    /// <summary>Nats per row; NaN without rows. Reads all of them: call it on a thread of its own.</summary>
    internal static double Of(Gaussian gaussian, Split split, RowSide side)
    {
        var (rows, width, sum) = (split.Count(side), split.Data.Width, 0.0);
        var chunk = new double[ChunkRows * width];
        for (long first = 0; first < rows; first += ChunkRows)
        {
            var count = (int)Math.Min(ChunkRows, rows - first);
            split.Gather(side, first, count, chunk);
            for (var row = 0; row < count; row++) sum -= gaussian.LogDensity(chunk.AsSpan(row * width, width));
        }

        return sum / rows;
    }
}
