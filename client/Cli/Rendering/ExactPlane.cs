using System.Collections.Immutable;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Rendering;

/// <summary>A model of two columns, evaluated in the middle of every cell.</summary>
internal sealed class ExactPlane(ICluster cluster, ModelDescription model, ImmutableArray<double> context) : IDensityPlane
{
    /// <inheritdoc />
    public async Task<DensityGrid> On(int width, int height, CancellationToken cancellation)
    {
        var (x, y) = (Axis.Of(model, 0), Axis.Of(model, 1));
        var answers = await cluster.LogDensity(model, Rows(x, y, width, height), cancellation);
        var grid = new double[height, width];
        for (var i = 0; i < answers.Length; i++) grid[i / width, i % width] = answers[i];
        return new(x, y, grid, "exact");
    }

    private double[] Rows(Axis x, Axis y, int width, int height)
    {
        var rows = new List<double>(width * height * (2 + context.Length));
        for (var row = 0; row < height; row++)
            for (var column = 0; column < width; column++)
                rows.AddRange([x.Center(column, width), y.Center(row, height), .. context]);
        return [.. rows];
    }
}
