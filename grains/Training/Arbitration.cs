namespace FlowGrain.Training;

/// <summary>Which of two workers computed a shard wrongly, as a third one finds out.</summary>
internal sealed class Arbitration(Dispute dispute)
{
    private readonly TaskCompletionSource<ShardLeaf> _wrong = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The two.</summary>
    internal string[] Workers { get; } = [dispute.First.Worker, dispute.Second.Worker];

    /// <summary>The one that is wrong. Who contradicts itself is.</summary>
    internal Task<ShardLeaf> Wrong => dispute.First.Worker == dispute.Second.Worker ? Task.FromResult(dispute.Second) : _wrong.Task;

    /// <summary>Compares with what a third worker computed.</summary>
    internal void Decide(LeaseReport third)
    {
        var (first, second) = dispute;
        if (third.Shard != first.Shard) return;
        if (third.Hash == first.Hash) _wrong.TrySetResult(second);
        else if (third.Hash == second.Hash) _wrong.TrySetResult(first);
        else _wrong.TrySetException(new InvalidOperationException(
            $"Workers '{first.Worker}', '{second.Worker}' and a third one computed three different results for shard {first.Shard}; the machines are not of one kind, or more than one is faulty."));
    }
}

/// <summary>A worker computed wrong bits and was set aside. What the run has made since its last commit may hold some of them.</summary>
/// <param name="worker">The worker.</param>
internal sealed class WrongBitsException(string worker) : Exception($"Worker '{worker}' computed wrong bits.");
