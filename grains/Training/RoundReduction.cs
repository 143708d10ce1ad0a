using FlowGrain.Cluster;

namespace FlowGrain.Training;

/// <summary>Has a round computed until all ranges have all shards. Runs in the turns of the run grain.</summary>
internal sealed class RoundReduction(RunParts parts, LeaseBoard board, Crew crew, Disputes disputes, LoopEnd end, TimeProvider clock)
{
    /// <summary>What each range has; a result that is in doubt ends the round.</summary>
    /// <param name="leases">Its leases, by shard from 0.</param>
    internal async Task<ReducedRound[]> Of(IReadOnlyList<ShardLease> leases)
    {
        board.Post(leases, crew.Silos);
        using var over = new CancellationTokenSource();
        var waiting = parts.Aggregators.Select(aggregator => Reduced(aggregator, leases[0].Round, over.Token)).ToArray();
        try
        {
            await foreach (var range in Task.WhenEach(waiting)) // the first that is lost ends the round
            {
                if ((await range).Dispute is { } dispute) throw await disputes.Decided(dispute, leases[dispute.First.Shard] with { TraceParent = null }, board, end);
            }

            return [.. waiting.Select(range => range.Result)];
        }
        finally
        {
            await over.CancelAsync();
        }
    }

    private async Task<ReducedRound> Reduced(IAggregatorGrain aggregator, long round, CancellationToken over)
    {
        while (true)
        {
            over.ThrowIfCancellationRequested();
            var answer = Repeated.Call(() => aggregator.Reduced(parts.Epoch, round), clock, over);
            await end.OrFailure(answer);
            if (await answer is { } reduced) return reduced;
            await Task.Delay(LongPoll.Pause, clock, over);
        }
    }
}
