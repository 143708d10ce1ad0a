using FlowGrain.Cli.Output;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>What stands over a picture of a model.</summary>
internal static class PlotTitle
{
    internal static string Of(ModelDescription model) => $"{model.Name}@{model.Version} ({model.Preset}): {Likelihood(model)}";

    private static string Likelihood(ModelDescription model) => double.IsNaN(model.ValidationNll)
        ? $"training NLL {Figures.Nats(model.TrainNll)} nats per row"
        : $"validation NLL {Figures.Nats(model.ValidationNll)} nats per row, Gaussian {Figures.Nats(model.GaussianNll)}";
}
