namespace FlowGrain.Training;

/// <summary>Which of two workers computed a shard wrongly, as a third one finds out.</summary>
internal sealed class Arbitration(ShardLeaf first, ShardLeaf second)
{
    private readonly TaskCompletionSource<ShardLeaf> _wrong = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The one that is wrong.</summary>
    internal Task<ShardLeaf> Wrong => _wrong.Task;

    /// <summary>Compares with what a third worker computed.</summary>
    internal void Decide(LeaseReport third)
    {
        if (third.Shard != first.Shard) return;
        if (third.Hash == first.Hash) _wrong.TrySetResult(second);
        else if (third.Hash == second.Hash) _wrong.TrySetResult(first);
        else _wrong.TrySetException(new InvalidOperationException(
            $"Workers '{first.Worker}', '{second.Worker}' and a third one computed three different results for shard {first.Shard}; the machines are not of one kind, or more than one is faulty."));
    }
}
