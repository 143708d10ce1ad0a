using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>The linear layers of the neural spline flow: a permutation and an LU-linear map before every layer, and a last linear map.</summary>
/// <remarks>Source: Durkan et al. 2019, https://arxiv.org/abs/1906.04032, section 5.</remarks>
internal static class LinearLayers
{
    /// <summary>The chain around the layers that <paramref name="layer"/> makes, given their number.</summary>
    internal static IEnumerable<TransformSpec> Around(PresetRequest request, Func<int, TransformSpec> layer)
    {
        for (var index = 0; index < request.Count("transforms"); index++)
        {
            if (request.Shape.Dimension > 2) yield return Permutation(request, index);
            yield return new LuLinearSpec();
            yield return layer(index);
        }

        yield return new LuLinearSpec();
    }

    private static PermuteSpec Permutation(PresetRequest request, int index) =>
        new([.. new CounterRandom(request.Seed, "permutation").At(index).Permutation(request.Shape.Dimension)]);
}
