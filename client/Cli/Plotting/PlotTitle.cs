using FlowGrain.Cli.Output;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>What stands over a picture of a model.</summary>
internal static class PlotTitle
{
    internal static string Of(ModelDescription model) =>
        $"{model.Name}@{model.Version} ({model.Preset}): validation NLL {Figures.Nats(model.ValidationNll)} nats per row, Gaussian {Figures.Nats(model.GaussianNll)}";
}
