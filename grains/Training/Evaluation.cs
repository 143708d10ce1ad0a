namespace FlowGrain.Training;

/// <summary>One evaluation: parts of fixed rows, computed anywhere, summed in their order.</summary>
internal sealed class Evaluation
{
    private const int PartRows = 4096;

    private readonly EvaluationSums?[] _parts;
    private readonly TaskCompletionSource<EvaluationSums> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShardWork _work;
    private readonly long _round;
    private int _missing;

    internal Evaluation(ShardWork work, long round, long rows)
    {
        (_work, _round) = (work, round);
        _missing = (int)((rows + PartRows - 1) / PartRows);
        _parts = new EvaluationSums?[_missing];
        Leases = [.. Enumerable.Range(0, _missing).Select(part =>
            new ShardLease(work, round, part, Pass: 0, (long)part * PartRows, (int)Math.Min(PartRows, rows - (long)part * PartRows), Attempt: 0, WeightsHash: 0, TraceParent: null))];
    }

    /// <summary>The parts to compute.</summary>
    internal ShardLease[] Leases { get; }

    /// <summary>The sums over all parts.</summary>
    internal Task<EvaluationSums> Sums => _done.Task;

    /// <summary>Takes the sums of one part; one that is in already, or of another evaluation, changes nothing.</summary>
    internal void Report(ShardLease lease, EvaluationSums sums)
    {
        if (lease.Work != _work || lease.Round != _round || _parts[lease.Shard] is not null) return;
        _parts[lease.Shard] = sums;
        if (--_missing == 0) _done.SetResult(_parts.Aggregate(new EvaluationSums(0, 0, 0), (total, part) => Add(total, part!)));
    }

    private static EvaluationSums Add(EvaluationSums total, EvaluationSums part) => new(
        total.NegativeLogDensity + part.NegativeLogDensity, total.Rows + part.Rows, Math.Max(total.RoundTripError, part.RoundTripError));
}
