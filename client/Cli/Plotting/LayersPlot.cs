using System.Collections.Immutable;
using FlowGrain.Cli.Rendering;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>The pushforward of a flow: the same draws after every layer, from the base to the data.</summary>
internal sealed class LayersPlot(Invocation cli, ICluster cluster, ModelDescription model)
{
    private const int Rows = 4000; // enough for a small panel; more lie on top of one another
    private const long Seed = 0; // the same picture every time

    internal async Task Draw(PlotRequest request, ImmutableArray<double> context, CancellationToken cancellation)
    {
        var shown = ShownColumns.Choose(model, request.Columns, most: 2);
        if (shown.IsEmpty) throw new BadInputException($"{model.Name} has categories alone, which no layer moves; draw a model with a column of numbers.");
        var points = await cluster.Layers(model, new SampleOrder(Rows, Seed, context), Coordinate(shown[0]), Coordinate(shown[^1]), cancellation);
        var layers = LayerCloud.Of(points, model, shown);
        var way = $"{Rows:#,0} draws on their way from the base to {string.Join(" (across) and ", shown.Select(column => model.Columns[column]))}{(shown.Length > 1 ? " (up)" : "")}";
        if (request.Out is { } path) AsPng(layers, PlotTitle.Of(model, context), way, shown.Length > 1, path);
        else InTerminal(layers, PlotTitle.Of(model, context), way, shown.Length > 1);
    }

    /// <summary>The number of the flow that a column is: categories are none.</summary>
    private int Coordinate(int column) => model.Columns.Take(column).Count(name => !model.Levels.ContainsKey(name));

    private void InTerminal(IReadOnlyList<LayerCloud> layers, string title, string way, bool isPlane)
    {
        cli.PrintWords(title);
        cli.PrintWords(way);
        foreach (var line in TerminalLayers.Lines(layers, cli.Terminal, isPlane)) cli.Print(line);
    }

    private static void AsPng(IReadOnlyList<LayerCloud> layers, string title, string way, bool isPlane, string path)
    {
        using var sheet = LayersPicture.Draw(layers, [title, isPlane ? $"{way}, coloured by where they began" : way], isPlane);
        sheet.Save(path);
    }
}
