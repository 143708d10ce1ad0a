using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Training;

/// <summary>How likely a Gaussian finds rows of a flow; modelled categories have the flow's own density.</summary>
/// <param name="gaussian">The Gaussian of the numbers.</param>
/// <param name="flow">The flow beside it.</param>
internal sealed class GaussianNll(Gaussian gaussian, FlowSpec flow)
{
    private const int ChunkRows = 4096;
    private readonly Categorical? _categories = flow.Categories is { } categories ? new Categorical(categories, flow.Table!) : null;
    private readonly PartialGaussian _gaussian = new(gaussian, flow);
    private readonly int _d = flow.Columns.Length;
    private readonly int _width = flow.Columns.Length + flow.Context.Length;

    /// <summary>Nats per row of a side; NaN without rows. Reads all of them: call it on a thread of its own.</summary>
    internal double Of(FlowRows rows, Split split, RowSide side)
    {
        var (total, sum, weight) = (split.Count(side), 0.0, 0.0);
        var chunk = new double[ChunkRows * _width];
        for (long first = 0; first < total; first += ChunkRows)
        {
            var count = (int)Math.Min(ChunkRows, total - first);
            rows.Gather(side, first, count, chunk);
            var weights = rows.Weights(side, first, count);
            sum += Sum(chunk.AsSpan(0, count * _width), weights);
            weight += rows.Sum(weights) ?? count;
        }

        return sum / weight;
    }

    /// <summary>Σ −w log p over rows <c>[B, D + C]</c>, nats.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="weights">How often each counts; empty where each counts once.</param>
    internal double Sum(ReadOnlySpan<double> rows, ReadOnlySpan<float> weights = default)
    {
        var sum = 0.0;
        for (var row = 0; row < rows.Length / _width; row++)
        {
            var (values, weight) = (row * _width, weights.IsEmpty ? 1 : weights[row]);
            sum -= weight * _gaussian.LogDensity(rows.Slice(values, _width));
            if (_categories is not null) sum -= weight * _categories.LogProb(rows[(values + _d)..(values + _width)]);
        }

        return sum;
    }
}
