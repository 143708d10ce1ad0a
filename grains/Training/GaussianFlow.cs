using FlowGrain.Flows;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Training;

/// <summary>Flows that are a Gaussian whatever their weights: of one column, which every transform only shifts and scales.</summary>
internal static class GaussianFlow
{
    internal static bool Is(FlowSpec flow) => flow.Columns.Length == 1 && flow.Base is StandardNormalSpec or DiagonalNormalSpec && flow.Transforms.All(IsAffine);

    private static bool IsAffine(TransformSpec transform) => transform switch
    {
        StandardizeSpec or PermuteSpec or LuLinearSpec or ActNormSpec or MatrixExponentialSpec or HouseholderSpec => true,
        CouplingSpec coupling => IsAffine(coupling.Map),
        AutoregressiveSpec autoregressive => IsAffine(autoregressive.Map),
        InverseSpec inverse => IsAffine(inverse.Transform),
        _ => false,
    };

    private static bool IsAffine(ScalarMapSpec map) => map is AffineSpec or AdditiveSpec;
}
