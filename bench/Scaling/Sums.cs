using FlowGrain.Training;

namespace FlowGrain.Bench.Scaling;

/// <summary>Sums on their way through a tree of combiners, in the messages of the product.</summary>
internal static class Sums
{
    /// <summary>The message that carries a node of round 0.</summary>
    internal static PartialSum Of(Epoch epoch, PartialNode node) => new(
        epoch, Round: 0, node.Span, Chunk: 0, new Block<float>(node.Sums), SiloRun.Hash(node.Sums), [.. node.Leaves], node.Totals.Loss, node.Totals.Rows, TraceParent: null, node.Totals.RowHash);

    /// <summary>Brings one to the root, which must take it.</summary>
    internal static async Task Submit(IAggregatorGrain root, PartialSum sum)
    {
        var reply = await root.Submit(sum);
        if (reply.Outcome != SubmitOutcome.Accepted) throw new InvalidOperationException($"The root answered the sum of {sum.Span} with {reply.Outcome}.");
    }
}
