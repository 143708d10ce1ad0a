using System.Collections.Immutable;
using FlowGrain.Cli.Commands;
using FlowGrain.Cli.Rendering;
using FlowGrain.Client;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>Draws a model, in the terminal or as a PNG.</summary>
internal sealed class ModelPlotter(Invocation cli, ICluster cluster, ModelDescription model)
{
    internal Task Draw(PlotRequest request, CancellationToken cancellation) => request.Kind switch
    {
        PlotKind.Loss => new LossPlot(cli, cluster, model).Draw(request.Out, cancellation),
        PlotKind.Layers => new LayersPlot(cli, cluster, model).Draw(request, GivenContext.Of(cli, model, request.Given), cancellation),
        PlotKind.Latent => new LatentPlot(cli, cluster, model).Draw(request, cancellation),
        PlotKind.Pairs => Pairs(request, GivenContext.Of(cli, model, request.Given), cancellation),
        _ => Density(request, GivenContext.Of(cli, model, request.Given), cancellation),
    };

    private Task Pairs(PlotRequest request, ImmutableArray<double> context, CancellationToken cancellation) =>
        new PairsPlot(cli, cluster, model, PlotTitle.Of(model, context)).Draw(request, context, cancellation);

    private async Task Density(PlotRequest request, ImmutableArray<double> context, CancellationToken cancellation)
    {
        var title = PlotTitle.Of(model, context);
        var shown = ShownColumns.Choose(model, request.Columns, most: 2);
        if (shown.Length == 1) await new CurvePlot(cli, cluster, model, title).Draw(shown[0], context, request.Out, cancellation);
        else await new PlanePlot(cli, title).Draw(await Plane(shown, context, cancellation), request.Out, data: null, cancellation);
    }

    private async Task<IDensityPlane> Plane(ImmutableArray<int> shown, ImmutableArray<double> context, CancellationToken cancellation)
    {
        if (model.Columns.Length == 2 && shown is [0, 1]) return new ExactPlane(cluster, model, context);
        var samples = await ModelSamples.Draw(cluster, model, context, cancellation);
        return new SampledPlane(Axis.Of(model, shown[0]), Axis.Of(model, shown[1]), samples[shown[0]], samples[shown[1]]);
    }
}
