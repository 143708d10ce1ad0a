using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Presets;

/// <summary>The linear layers of the neural spline flow: a permutation and an LU-linear map before every layer, and a last linear map.</summary>
/// <remarks>They leave angles alone, of which there are no multiples. Source: Durkan et al. 2019, https://arxiv.org/abs/1906.04032, section 5.</remarks>
internal static class LinearLayers
{
    /// <summary>The chain around the layers that <paramref name="layers"/> makes, given their number.</summary>
    internal static IEnumerable<TransformSpec> Around(PresetRequest request, Func<int, IEnumerable<TransformSpec>> layers)
    {
        var lines = request.Shape.Lines;
        for (var index = 0; index < request.Count("transforms"); index++)
        {
            if (lines.Length > 2) yield return Of(request, lines, Permutation(request, lines.Length, index));
            if (lines.Length > 0) yield return Of(request, lines, new LuLinearSpec());
            foreach (var layer in layers(index)) yield return layer;
        }

        if (lines.Length > 0) yield return Of(request, lines, new LuLinearSpec());
    }

    private static TransformSpec Of(PresetRequest request, ImmutableArray<int> lines, TransformSpec linear) => SubsetSpec.Of(request.Shape, lines, given: false, _ => linear);

    private static PermuteSpec Permutation(PresetRequest request, int columns, int index) =>
        new([.. new CounterRandom(request.Seed, "permutation").At(index).Permutation(columns)]);
}
