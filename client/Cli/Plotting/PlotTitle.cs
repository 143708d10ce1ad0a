using System.Collections.Immutable;
using FlowGrain.Cli.Output;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Plotting;

/// <summary>What stands over a picture of a model.</summary>
internal static class PlotTitle
{
    /// <summary>The title of a picture of the model's density, with the values that it is conditioned on.</summary>
    internal static string Of(ModelDescription model, ImmutableArray<double> context) =>
        $"{model.Name}@{model.Version} ({model.Preset}){Given(model, context)}: {Likelihood(model)}";

    /// <summary>The title of a picture of its training.</summary>
    internal static string Of(ModelDescription model) => Of(model, []);

    private static string Given(ModelDescription model, ImmutableArray<double> context) =>
        context.IsEmpty ? "" : $" given {string.Join(", ", model.Context.Zip(context, (name, value) => $"{name}={ColumnValue.Of(model, name, value)}"))}";

    private static string Likelihood(ModelDescription model) => double.IsNaN(model.ValidationNll)
        ? $"training NLL {Figures.Nats(model.TrainNll)} nats per row"
        : $"validation NLL {Figures.Nats(model.ValidationNll)} nats per row, Gaussian {Figures.Nats(model.GaussianNll)}";
}
