using System.Collections.Immutable;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Rendering;

/// <summary>Samples for a picture, column by column.</summary>
internal static class ModelSamples
{
    private const int Rows = 65_536; // about 2% noise in a cell that holds a thousandth of the mass
    private const long Seed = 0; // the same picture every time

    internal static async Task<double[][]> Draw(ICluster cluster, ModelDescription model, ImmutableArray<double> context, CancellationToken cancellation)
    {
        var width = model.Columns.Length;
        var columns = Enumerable.Range(0, width).Select(_ => new List<double>(Rows)).ToArray();
        await foreach (var chunk in cluster.Sample(model, new SampleOrder(Rows, Seed, context), cancellation))
            for (var i = 0; i < chunk.Length; i++) columns[i % width].Add(chunk.Span[i]);
        return [.. columns.Select(column => column.ToArray())];
    }
}
