using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>A flow of rotations and of maps of single columns.</summary>
internal static class GaussianizationPreset
{
    internal static Preset Gaussianization { get; } = new(
        "gaussianization",
        "Rotations, and after each a mixture for every column alone: no nets, few parameters, good for tables that are nearly Gaussian.",
        "Meng et al. 2020, https://arxiv.org/abs/2003.01941",
        "density in one pass, samples by a root for each column of a layer, both exact",
        LearningRate: 1e-2,
        [new("transforms", 12, 1, 100), new("units", 16, 1, 128), new("hidden", 64, 1, 4096)],
        request => [.. Enumerable.Range(0, request.Count("transforms")).SelectMany(_ => Layer(request)), new LuLinearSpec()]);

    private static IEnumerable<TransformSpec> Layer(PresetRequest request)
    {
        if (request.Shape.Dimension > 1) yield return new RotationSpec();
        yield return new CouplingSpec([.. Enumerable.Range(0, request.Shape.Dimension)], new SigmoidalSpec(request.Count("units")) { UnitSlope = true }, Net(request));
    }

    private static ConditionerSpec Net(PresetRequest request) => request.Shape.Context == 0 ? new ConstantSpec() : new MlpSpec(request.Count("hidden"), Layers: 2);
}
