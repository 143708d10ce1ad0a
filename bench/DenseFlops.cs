using FlowGrain.Flows;

namespace FlowGrain.Bench;

/// <summary>What a flow's matrix products cost if they are dense.</summary>
internal static class DenseFlops
{
    /// <summary>Floating-point operations a row, one way: two for every weight.</summary>
    internal static double OneWay(FlowSpec spec) => 2.0 * spec.Layout().Blocks.Where(block => block.Shape.Length == 2).Sum(block => block.Count);
}
