using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>Two workers computed a shard to other bits: a third one decides which of them is wrong, and the run works without that one.</summary>
internal sealed class Disputes(string run, Crew crew, ILogger logger)
{
    private Arbitration? _open;

    /// <summary>Has the shard computed by a third worker; what it comes to.</summary>
    /// <param name="dispute">The two results.</param>
    /// <param name="lease">The shard's.</param>
    /// <param name="board">Where the third one finds it.</param>
    /// <param name="end">Ends the wait, and the run where there is no third one.</param>
    internal async Task<WrongBitsException> Decided(Dispute dispute, ShardLease lease, LeaseBoard board, LoopEnd end)
    {
        var arbitration = _open = new Arbitration(dispute);
        logger.WorkersDisagree(run, dispute.First.Worker, dispute.Second.Worker, lease.Shard, lease.Round);
        RequireThird(lease.Round, end);
        board.Ask(lease with { Work = ShardWork.Arbitrate }, arbitration.Workers);
        await end.OrFailure(arbitration.Wrong);
        var wrong = await arbitration.Wrong;
        logger.WorkerQuarantined(run, wrong.Worker, lease.Shard, lease.Round);
        crew.SetAside(new Quarantine(wrong.Worker, lease.Round, lease.Shard));
        return new WrongBitsException(wrong.Worker);
    }

    /// <summary>Takes the third result.</summary>
    internal void Decide(LeaseReport report) => _open?.Decide(report);

    /// <summary>Ends the run where a dispute is open and nobody is left to decide it.</summary>
    internal void RequireThird(long round, LoopEnd end)
    {
        if (_open is not { Wrong.IsCompleted: false, Workers: var workers } || crew.HasOthersThan(workers)) return;
        end.Fail(new InvalidOperationException($"Workers '{workers[0]}' and '{workers[1]}' computed other bits for a shard of round {round}, and there is no third one to decide; one of their machines is faulty."));
    }
}
