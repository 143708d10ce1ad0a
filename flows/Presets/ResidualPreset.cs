using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>A flow of invertible residual layers.</summary>
internal static class ResidualPreset
{
    internal static Preset Residual { get; } = new(
        "residual",
        "Nets that may look at all columns and are invertible because they stretch nothing: smooth densities without splits or orders.",
        "Chen et al. 2019, https://arxiv.org/abs/1906.02735",
        "density in one pass, exact up to 64 columns and an estimate beyond; samples by a fixed point a layer; training estimates from 9 columns on",
        LearningRate: 1e-2,
        [new("transforms", 8, 1, 100), new("hidden", 32, 1, 4096), new("layers", 2, 1, 20)],
        request => LinearLayers.Around(request, _ => [new ResidualSpec(request.Count("hidden"), request.Count("layers"))]));
}
