using System.Globalization;
using FlowGrain.Flows;

namespace FlowGrain.Training;

/// <summary>What a flow takes to train in one process, told before the memory is gone.</summary>
internal static class TrainingMemory
{
    private const int Copies = 20; // a range and its snapshot have six each, the reduction tree and the weights on their way the rest
    private const int CopiesASlot = 5; // weights, gradient, sums of two shards, sums of rows

    /// <summary>Returns when the flow fits.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="slots">Worker slots of the process.</param>
    /// <param name="available">Memory that the process may have, bytes.</param>
    /// <exception cref="BadInputException">It needs more.</exception>
    internal static void Require(FlowSpec flow, int slots, long available)
    {
        var parameters = flow.Layout().Blocks.Sum(block => (long)block.Count);
        var needed = parameters * sizeof(float) * (Copies + (double)CopiesASlot * slots);
        if (parameters <= int.MaxValue && needed <= available) return;
        throw new BadInputException(string.Create(
            CultureInfo.InvariantCulture, $"A flow of {parameters:N0} parameters takes about {needed / 1e9:N0} GB to train here, and {available / 1e9:N0} GB are there; make it smaller with --set hidden or --set transforms."));
    }
}
