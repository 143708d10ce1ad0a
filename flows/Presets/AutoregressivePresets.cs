using System.Collections.Immutable;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>Flows of autoregressive layers: one direction costs one net a layer, the other one net for each column.</summary>
/// <remarks>A net gets <c>hidden</c> units, or one for each column in turn where there are more columns than that.</remarks>
internal static class AutoregressivePresets
{
    private const string FastDensity = "density in one pass, samples column by column (one pass in all on our own kernels), both exact";
    private const string FastSamples = "samples in one pass, density and training column by column, both exact";

    private static readonly PresetSize Transforms = new("transforms", 5, 1, 100);
    private static readonly PresetSize Hidden = new("hidden", 128, 1, 4096);
    private static readonly PresetSize Layers = new("layers", 2, 1, 20);
    private static readonly PresetSize Blocks = new("blocks", 2, 0, 20);

    internal static Preset Maf { get; } = new(
        "maf",
        "Scales and shifts that depend on the columns before, in alternating order: strong on many columns.",
        "Papamakarios et al. 2017, https://arxiv.org/abs/1705.07057",
        FastDensity,
        LearningRate: 1e-3,
        [Transforms, Hidden, Layers],
        request => Alternating(request, Affine(request)),
        TakesMissing: true);

    internal static Preset Iaf { get; } = new(
        "iaf",
        "The inverse of maf: for densities that are drawn from far more often than they are scored.",
        "Kingma et al. 2016, https://arxiv.org/abs/1606.04934",
        FastSamples,
        LearningRate: 1e-3,
        [Transforms, Hidden, Layers],
        request => Alternating(request, IsAlone(request) ? Affine(request) : new InverseSpec(Affine(request))));

    internal static Preset NsfAr { get; } = new(
        "nsf-ar",
        "Rational-quadratic splines that depend on the columns before: the sharpest densities, angles too, at the highest cost.",
        "Durkan et al. 2019, https://arxiv.org/abs/1906.04032",
        FastDensity,
        LearningRate: 1e-3,
        [Transforms, Hidden, Blocks, new("bins", 8, 2, 128), new("tail_bound", double.NaN, 1e-3, 1e6, Whole: false)],
        request => request.Shape.Missing is null ? LinearLayers.Around(request, _ => [.. Splines(request), .. CircularSplines(request)]) : InOneOrder(request, Splines(request)),
        TakesMissing: true,
        TakesAngles: true);

    internal static Preset Naf { get; } = new(
        "naf",
        "Mixtures of sigmoids that depend on the columns before: smooth densities of any shape, no bound and no bins.",
        "Huang et al. 2018, https://arxiv.org/abs/1804.00779",
        "density in one pass, samples column by column with a root each, both exact",
        LearningRate: 1e-3,
        [Transforms with { Default = 4 }, Hidden, Layers, new("units", 8, 1, 128)],
        request => request.Shape.Missing is null ? LinearLayers.Around(request, _ => [Sigmoids(request)]) : InOneOrder(request, [Sigmoids(request)]),
        TakesMissing: true);

    /// <summary>The columns in their order and reversed, by turns, as both papers have it.</summary>
    private static IEnumerable<TransformSpec> Alternating(PresetRequest request, TransformSpec transform)
    {
        for (var layer = 0; layer < request.Count("transforms"); layer++)
        {
            if (layer > 0 && request.Shape is { Dimension: > 1, Missing: null }) yield return Reversal(request.Shape.Dimension);
            yield return transform;
        }
    }

    /// <summary>Layers with nothing between them: what lacks a value must stay where it is.</summary>
    private static IEnumerable<TransformSpec> InOneOrder(PresetRequest request, IEnumerable<TransformSpec> layer) => Enumerable.Repeat(layer, request.Count("transforms")).SelectMany(layer => layer);

    private static PermuteSpec Reversal(int dimension) => new([.. Enumerable.Range(0, dimension).Reverse()]);

    private static AutoregressiveSpec Affine(PresetRequest request) =>
        new(new AffineSpec(), Net(request, hidden => new MlpSpec(hidden, request.Count("layers"))));

    private static IEnumerable<TransformSpec> Splines(PresetRequest request) => Layer(request, request.Shape.Lines, new RationalQuadraticSpec(request.Count("bins"), request.Sizes["tail_bound"]));

    private static IEnumerable<TransformSpec> CircularSplines(PresetRequest request) => Layer(request, request.Shape.Angles, new CircularRationalQuadraticSpec(request.Count("bins")));

    /// <summary>A layer of some columns, given all others; none where there are no columns.</summary>
    private static IEnumerable<TransformSpec> Layer(PresetRequest request, ImmutableArray<int> columns, ScalarMapSpec map) => columns.IsEmpty ? [] :
        [SubsetSpec.Of(request.Shape, columns, given: true, shape => new AutoregressiveSpec(map, Net(request with { Shape = shape }, hidden => new ResidualNetSpec(hidden, request.Count("blocks")))))];

    private static AutoregressiveSpec Sigmoids(PresetRequest request) =>
        new(new SigmoidalSpec(request.Count("units")) { UnitSlope = true }, Net(request, hidden => new MlpSpec(hidden, request.Count("layers"))));

    private static ConditionerSpec Net(PresetRequest request, Func<int, ConditionerSpec> net) => IsAlone(request)
        ? new ConstantSpec()
        : net(Math.Max(request.Count("hidden"), MaskedDegrees.LeastHidden(request.Shape)));

    /// <summary>Whether there is nothing to depend on: the layer is then a shift and a scale, and so is its inverse.</summary>
    private static bool IsAlone(PresetRequest request) => request.Shape is { Dimension: 1, Context: 0 };
}
