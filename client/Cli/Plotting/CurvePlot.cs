using System.Collections.Immutable;
using FlowGrain.Cli.Rendering;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>The density of one column.</summary>
internal sealed class CurvePlot(Invocation cli, ICluster cluster, ModelDescription model)
{
    private const int ExactPoints = 1000, Bins = 160;

    internal async Task Draw(int column, ImmutableArray<double> context, string? output, CancellationToken cancellation)
    {
        var curve = model.Columns.Length == 1 ? await Exact(context, cancellation) : await Sampled(column, context, cancellation);
        if (output is null) InTerminal(curve);
        else AsPng(curve, output);
    }

    private async Task<DensityCurve> Exact(ImmutableArray<double> context, CancellationToken cancellation)
    {
        var axis = Axis.Of(model, 0);
        double[] rows = [.. Enumerable.Range(0, ExactPoints).SelectMany(i => (double[])[axis.Center(i, ExactPoints), .. context])];
        var logs = await cluster.LogDensity(model, rows, cancellation);
        return new(axis, [.. logs.Select(log => Math.Exp(log))]);
    }

    private async Task<DensityCurve> Sampled(int column, ImmutableArray<double> context, CancellationToken cancellation)
    {
        var samples = await ModelSamples.Draw(cluster, model, context, cancellation);
        var axis = Axis.Of(model, column);
        return new(axis, Histogram.Line(samples[column], axis, Bins));
    }

    private void InTerminal(DensityCurve curve)
    {
        cli.Print(PlotTitle.Of(model));
        foreach (var line in TerminalCurve.OfDensity(curve, cli.Terminal)) cli.Print(line);
    }

    private void AsPng(DensityCurve curve, string output)
    {
        using var sheet = CurvePicture.Draw(curve, PlotTitle.Of(model));
        sheet.Save(output);
    }
}
