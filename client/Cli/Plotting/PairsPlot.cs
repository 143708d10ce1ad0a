using System.Collections.Immutable;
using FlowGrain.Cli.Rendering;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>Every pair of a few columns.</summary>
internal sealed class PairsPlot(Invocation cli, ICluster cluster, ModelDescription model)
{
    private const int MostColumns = 6; // 21 cells; more are too small to read

    internal async Task Draw(PlotRequest request, ImmutableArray<double> context, CancellationToken cancellation)
    {
        var shown = ShownColumns.Choose(model, request.Columns, MostColumns);
        var all = await ModelSamples.Draw(cluster, model, context, cancellation);
        Axis[] axes = [.. shown.Select(column => Axis.Of(model, column))];
        double[][] samples = [.. shown.Select(column => all[column])];
        if (request.Out is { } path) AsPng(axes, samples, path);
        else InTerminal(axes, samples);
    }

    private void InTerminal(Axis[] axes, double[][] samples)
    {
        cli.Print(PlotTitle.Of(model));
        foreach (var line in TerminalPairs.Lines(axes, samples, cli.Terminal)) cli.Print(line);
    }

    private void AsPng(Axis[] axes, double[][] samples, string path)
    {
        using var sheet = PairsPicture.Draw(axes, samples, PlotTitle.Of(model));
        sheet.Save(path);
    }
}
