namespace FlowGrain.Training;

/// <summary>One evaluation: parts of fixed rows, computed anywhere, summed in their order. Where they are not all rows, they are spread evenly over them.</summary>
internal sealed class Evaluation
{
    private const int PartRows = 4096;

    private readonly EvaluationSums?[] _parts;
    private readonly TaskCompletionSource<EvaluationSums> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShardWork _work;
    private readonly long _round;
    private int _missing;

    /// <param name="work">What to compute.</param>
    /// <param name="round">The round whose weights.</param>
    /// <param name="weightsHash">Their hash.</param>
    /// <param name="rows">Rows that there are.</param>
    /// <param name="most">Rows to compute, in whole parts.</param>
    internal Evaluation(ShardWork work, long round, ulong weightsHash, long rows, long most = long.MaxValue)
    {
        (_work, _round) = (work, round);
        var all = (rows + PartRows - 1) / PartRows;
        _missing = (int)Math.Min(all, Math.Max(1, most / PartRows));
        _parts = new EvaluationSums?[_missing];
        Leases = [.. Enumerable.Range(0, _missing).Select(part => Lease(part, part * all / _missing * PartRows))];

        ShardLease Lease(int part, long first) => new(work, round, part, Pass: 0, first, (int)Math.Min(PartRows, rows - first), Attempt: 0, weightsHash, TraceParent: null);
    }

    /// <summary>The parts to compute.</summary>
    internal ShardLease[] Leases { get; }

    /// <summary>Which weights an evaluation is of.</summary>
    internal static WeightKind KindOf(ShardWork work) => work == ShardWork.ValidateAverage ? WeightKind.Average : WeightKind.Best;

    /// <summary>The sums over all parts.</summary>
    internal Task<EvaluationSums> Sums => _done.Task;

    /// <summary>Takes the sums of one part; one that is in already, or of another evaluation, changes nothing.</summary>
    internal void Report(ShardLease lease, EvaluationSums sums)
    {
        if (lease.Work != _work || lease.Round != _round || _parts[lease.Shard] is not null) return;
        _parts[lease.Shard] = sums;
        if (--_missing == 0) _done.SetResult(_parts.Aggregate((total, part) => Add(total!, part!))!);
    }

    private static EvaluationSums Add(EvaluationSums total, EvaluationSums part) => new(
        total.NegativeLogDensity + part.NegativeLogDensity, total.Rows + part.Rows, Math.Max(total.RoundTripError, part.RoundTripError)) { Weights = total.Weights + part.Weights };
}
