using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>Flows whose layers move all columns at once.</summary>
internal static class WholeVectorPresets
{
    private const string Roots = "density in one pass, samples by a root a layer, both exact";

    private static readonly PresetSize Transforms = new("transforms", 32, 1, 100);
    private static readonly PresetSize Hidden = new("hidden", 64, 1, 4096);

    internal static Preset Planar { get; } = new(
        "planar",
        "Ridges across the data, a few numbers each: very small flows, smooth densities.",
        "Rezende and Mohamed 2015, https://arxiv.org/abs/1505.05770",
        Roots,
        LearningRate: 1e-2,
        [Transforms, Hidden],
        request => [new LuLinearSpec(), .. Layers(request, _ => new PlanarSpec(Net(request)))]);

    internal static Preset Radial { get; } = new(
        "radial",
        "Hills and hollows around centres, a few numbers each: very small flows, round modes.",
        "Rezende and Mohamed 2015, https://arxiv.org/abs/1505.05770",
        "density and samples in one pass, exact",
        LearningRate: 1e-2,
        [Transforms, Hidden],
        request => [new LuLinearSpec(), .. Layers(request, _ => new RadialSpec(Net(request)))]);

    internal static Preset Householder { get; } = new(
        "householder",
        "A full Gaussian, exactly, by its singular values: what any other flow should beat.",
        "Tomczak and Welling 2016, https://arxiv.org/abs/1611.09630",
        "density and samples in one pass, exact",
        LearningRate: 1e-2,
        [new("hidden", 64, 1, 4096)],
        request => request.Shape.Context == 0 ? [new HouseholderSpec()] : [new HouseholderSpec(), Shifted(request)]);

    internal static Preset Sylvester { get; } = new(
        "sylvester",
        "Planar layers of many directions at once: small flows for columns that depend on one another.",
        "van den Berg et al. 2018, https://arxiv.org/abs/1803.05649",
        "density in one pass, samples by a root for each direction of a layer, both exact",
        LearningRate: 1e-2,
        [Transforms with { Default = 16 }, Hidden, new("directions", 16, 1, 4096)],
        request => [new LuLinearSpec(), .. Layers(request, layer => Bent(request, layer))]);

    private static IEnumerable<TransformSpec> Layers(PresetRequest request, Func<int, TransformSpec> layer) => Enumerable.Range(0, request.Count("transforms")).Select(layer);

    private static SylvesterSpec Bent(PresetRequest request, int layer) =>
        new(Math.Min(request.Count("directions"), request.Shape.Dimension), (SylvesterBasis)(layer % 3), Reversed: layer % 2 == 1, Net(request));

    /// <summary>A Gaussian whose mean and scales follow the context.</summary>
    private static CouplingSpec Shifted(PresetRequest request) =>
        new([.. Enumerable.Range(0, request.Shape.Dimension)], new ScalarMaps.AffineSpec(), Net(request)!);

    private static MlpSpec? Net(PresetRequest request) => request.Shape.Context == 0 ? null : new MlpSpec(request.Count("hidden"), Layers: 2);
}
