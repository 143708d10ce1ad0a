using FlowGrain.Flows.Optimization;

namespace FlowGrain.Training;

/// <summary>What a round asks for and what becomes of its sums: pure functions of plan and round, for the run and for its replay.</summary>
/// <param name="plan">The plan.</param>
/// <param name="settings">Its settings, resolved.</param>
/// <param name="schedule">Its schedule.</param>
/// <param name="steps">Rounds of the whole run; null while <c>--minutes</c> has not fixed them.</param>
internal sealed class RoundRule(TrainingPlan plan, RunSettings settings, RunSchedule schedule, long? steps)
{
    private readonly Schedule _rates = settings.Rates(plan, steps);

    /// <summary>The work of a shard.</summary>
    internal ShardLease Lease(long round, int shard, ulong weightsHash, string? traceParent = null)
    {
        var (pass, first, rows) = schedule.Slice(round, shard);
        return new ShardLease(ShardWork.Gradient, round, shard, pass, first, rows, Attempt: 0, weightsHash, traceParent);
    }

    /// <summary>The norm of the mean gradient a row, not finite where a gradient was not.</summary>
    internal static double Norm(IReadOnlyList<ReducedRound> ranges) => Math.Sqrt(Gradients.Total(ranges.SelectMany(range => range.SumsOfSquares))) / ranges[0].Weight;

    /// <summary>What the sums come to, from the weight of their rows and their norm.</summary>
    internal RoundStep Step(long round, double weight, double norm, string? traceParent = null)
    {
        var clip = plan.Mode == SyncMode.Sync ? Gradients.ClipFactor(norm, settings.Optimizer["clip_norm"]) : 1;
        return new RoundStep(
            round,
            (float)(double.IsFinite(norm) ? clip / weight : 0),
            (float)_rates.At((round + 1) * schedule.StepsPerRound),
            (float)WeightAverage.DecayAt(round + 1, settings.Optimizer["average_decay"]),
            traceParent);
    }

    /// <summary>The round in the record of the run.</summary>
    /// <param name="reduced">Its sums.</param>
    /// <param name="step">What became of them.</param>
    /// <param name="weights">Hash of the weights after it.</param>
    /// <param name="attempts">Leases handed out.</param>
    /// <param name="rejects">Submits refused.</param>
    internal RoundLine Line(ReducedRound reduced, RoundStep step, ulong weights, long attempts, long rejects) => new(
        step.Round + 1, step.Round / schedule.RoundsPerPass + 1, reduced.Rows, reduced.RowHash, reduced.Loss / reduced.Weight, weights, schedule.Shards, attempts, rejects, reduced.Workers);
}
