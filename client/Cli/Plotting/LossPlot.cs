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
        var newest = await cluster.Progress(model.Name, cancellation);
        if (newest.Version != model.Version)
            throw new BadInputException($"The losses of {model.Name}@{model.Version} are gone: a run keeps those of its newest version, here {newest.Version}.");
        var history = await cluster.History(model.Name, cancellation);
        if (history.IsEmpty) throw new BadInputException($"The run of {model.Name} has left no losses; its journal may have been deleted.");
        if (output is null) InTerminal(history);
        else AsPng(history, output);
    }

    private void InTerminal(ImmutableArray<LossPoint> history)
    {
        cli.Print(PlotTitle.Of(model));
        double[] losses = [.. history.Select(point => point.TrainNats)];
        foreach (var line in TerminalCurve.OfLosses(losses, history[^1].Step, cli.Terminal)) cli.Print(line);
    }

    private void AsPng(ImmutableArray<LossPoint> history, string output)
    {
        using var sheet = LossPicture.Draw(history, PlotTitle.Of(model), model.GaussianNll);
        sheet.Save(output);
    }
}
