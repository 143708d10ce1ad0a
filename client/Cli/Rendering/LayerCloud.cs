using FlowGrain.Api;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Rendering;

/// <summary>Draws as a layer of a flow has them.</summary>
/// <param name="Title">Which layer: its number on the way from the base, and its type.</param>
/// <param name="X">The stretch of the first coordinate.</param>
/// <param name="Y">The stretch of the second.</param>
/// <param name="Points">The draws, the same at the same place in every layer.</param>
internal sealed record LayerCloud(string Title, Axis X, Axis Y, PointCloud Points)
{
    private const int Most = 30; // more panels are too small to read
    private const double Tail = 0.002, Margin = 0.08; // draws beyond would leave the rest a dot

    /// <summary>The base, and what there is after each layer, in the units of the data at the end; of very many layers evenly as many as can be shown.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="model">The model.</param>
    /// <param name="shown">The columns that are shown: two, or one.</param>
    internal static IReadOnlyList<LayerCloud> Of(IReadOnlyList<LayerPoints> layers, ModelDescription model, IReadOnlyList<int> shown)
    {
        var count = Math.Min(Most, layers.Count);
        return [.. Enumerable.Range(0, count).Select(i => One(count == 1 ? 0 : (int)((long)i * (layers.Count - 1) / (count - 1))))];

        LayerCloud One(int index)
        {
            var points = new PointCloud(Coordinate(layers[index], 0), Coordinate(layers[index], 1));
            var isData = index == layers.Count - 1;
            return new(
                index == 0 ? "base" : $"{index} {layers[index].Name}{(isData ? ": the data" : "")}",
                isData ? Axis.Of(model, shown[0]) : Around("x", points.X), isData ? Axis.Of(model, shown[^1]) : Around("y", points.Y), points);
        }
    }

    private static double[] Coordinate(LayerPoints layer, int which) => [.. layer.Points.Select(point => (double)point[which])];

    private static Axis Around(string name, double[] values)
    {
        var sorted = values.Where(double.IsFinite).Order().ToArray();
        if (sorted.Length == 0) return new(name, -1, 1);
        var (low, high) = (sorted[(int)(Tail * (sorted.Length - 1))], sorted[(int)((1 - Tail) * (sorted.Length - 1))]);
        var margin = Margin * (high > low ? high - low : 1);
        return new(name, low - margin, high + margin);
    }
}
