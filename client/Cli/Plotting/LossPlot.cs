using System.Collections.Immutable;
using FlowGrain.Cli.Rendering;
using FlowGrain.Client;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Cli.Plotting;

/// <summary>The losses of the run that made a model.</summary>
internal sealed class LossPlot(Invocation cli, ICluster cluster, ModelDescription model)
{
    internal async Task Draw(string? output, CancellationToken cancellation)
    {
        var losses = await cluster.Losses(new(model.Name, model.Version), cancellation);
        if (output is null) InTerminal(losses);
        else AsPng(losses, output);
    }

    private void InTerminal(ImmutableArray<LossPoint> losses)
    {
        cli.PrintWords(PlotTitle.Of(model));
        foreach (var line in TerminalLosses.Of(losses, model.Objective, cli.Terminal)) cli.Print(line);
    }

    private void AsPng(ImmutableArray<LossPoint> losses, string output)
    {
        using var sheet = LossPicture.Draw(losses, PlotTitle.Of(model), model.Objective, model.GaussianNll);
        sheet.Save(output);
    }
}
