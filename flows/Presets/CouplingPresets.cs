using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>Flows of coupling layers: both directions cost one net a layer.</summary>
internal static class CouplingPresets
{
    private const string Both = "density and samples in one pass, exact";

    private static readonly PresetSize Transforms = new("transforms", 8, 1, 100);
    private static readonly PresetSize Hidden = new("hidden", 128, 1, 4096);
    private static readonly PresetSize Blocks = new("blocks", 2, 0, 20);

    internal static Preset Nice { get; } = new(
        "nice",
        "Shifts that depend on the other columns, around linear layers: the simplest flow, smooth densities.",
        "Dinh et al. 2015, https://arxiv.org/abs/1410.8516",
        Both,
        LearningRate: 1e-3,
        [Transforms, Hidden, Blocks],
        request => LinearLayers.Around(request, layer => Layer(request, layer, request.Shape.Lines, new AdditiveSpec())));

    internal static Preset RealNvp { get; } = new(
        "realnvp",
        "Scales and shifts that depend on the other columns: fast, good for smooth densities in many columns.",
        "Dinh et al. 2017, https://arxiv.org/abs/1605.08803",
        Both,
        LearningRate: 1e-3,
        [Transforms, Hidden, Blocks],
        request => Affine(request));

    internal static Preset Glow { get; } = new(
        "glow",
        "Real NVP with a scale and a shift of every column before each layer.",
        "Kingma and Dhariwal 2018, https://arxiv.org/abs/1807.03039",
        Both,
        LearningRate: 1e-3,
        [Transforms, Hidden, Blocks],
        request => Affine(request).SelectMany(layer => layer is LuLinearSpec ? (TransformSpec[])[new ActNormSpec(), layer] : [layer]));

    internal static Preset Nsf { get; } = new(
        "nsf",
        "Rational-quadratic splines that depend on the other columns: sharp edges, many modes, angles too, the default.",
        "Durkan et al. 2019, https://arxiv.org/abs/1906.04032",
        Both,
        LearningRate: 1e-3,
        [Transforms with { Default = 5 }, Hidden, Blocks, new("bins", 8, 2, 128), new("tail_bound", double.NaN, 1e-3, 1e6, Whole: false), new("octaves", 0, 0, 16)],
        request => LinearLayers.Around(request, layer =>
        [
            .. Layer(request, layer, request.Shape.Lines, new RationalQuadraticSpec(request.Count("bins"), request.Sizes["tail_bound"])),
            .. Layer(request, layer, request.Shape.Angles, new CircularRationalQuadraticSpec(request.Count("bins"))),
        ]),
        TakesAngles: true);

    private static IEnumerable<TransformSpec> Affine(PresetRequest request) =>
        LinearLayers.Around(request, layer => Layer(request, layer, request.Shape.Lines, new AffineSpec()));

    /// <summary>A layer of half of some columns, given all others; none where there are no columns.</summary>
    private static IEnumerable<TransformSpec> Layer(PresetRequest request, int layer, ImmutableArray<int> columns, ScalarMapSpec map) =>
        columns.IsEmpty ? [] : [new CouplingSpec(Half(columns, layer), map, Net(request))];

    /// <summary>Odd ones in even layers, even ones in odd layers; the only one when there is but one.</summary>
    private static ImmutableArray<int> Half(ImmutableArray<int> columns, int layer) => columns.Length == 1
        ? columns
        : [.. columns.Where((_, place) => place % 2 != layer % 2)];

    private static ConditionerSpec Net(PresetRequest request) => request.Shape is { Dimension: 1, Context: 0 }
        ? new ConstantSpec()
        : Seen(request, new ResidualNetSpec(request.Count("hidden"), request.Count("blocks")));

    private static ConditionerSpec Seen(PresetRequest request, ConditionerSpec net) =>
        request.Sizes.GetValueOrDefault("octaves") is var octaves and > 0 ? new FourierSpec((int)octaves, net) : net;
}
