using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>What happens in which round: a pure function of the plan and the number of training rows.</summary>
/// <param name="TrainRows">Rows of a pass.</param>
/// <param name="RoundRows">Rows of a full round.</param>
/// <param name="Shards">Shards of a round.</param>
/// <param name="StepsPerRound">Optimizer steps of a round, H: 1 in sync rounds.</param>
internal sealed record RunSchedule(long TrainRows, long RoundRows, int Shards, int StepsPerRound)
{
    private const int DefaultEpochs = 100;
    private const int LeastRoundsBetweenValidations = 25; // so that tiny tables do not validate more than they train
    private const int LeastValidations = 10; // of a run on a large table, which may not even see it once

    /// <summary>The schedule of a plan.</summary>
    internal static RunSchedule Of(TrainingPlan plan, long trainRows)
    {
        var steps = InnerSteps(plan);
        return new(trainRows, Math.Min((long)plan.BatchRows * plan.Shards * steps, trainRows), plan.Shards, steps);
    }

    /// <summary>Steps that a worker makes on its own in each round of the plan.</summary>
    internal static int InnerSteps(TrainingPlan plan) => plan.Mode == SyncMode.Sync ? 1 : plan.InnerSteps ?? TrainingPlan.DefaultInnerSteps;

    /// <summary>The steps of so many rounds of the plan: what its user counts in.</summary>
    internal static long StepsOf(TrainingPlan plan, long rounds) => rounds * InnerSteps(plan);

    /// <summary>The points of a curve over rounds of the plan, over steps.</summary>
    internal static ImmutableArray<LossPoint> StepsOf(TrainingPlan plan, IEnumerable<LossPoint> points) =>
        [.. points.Select(point => point with { Step = StepsOf(plan, point.Step) })];

    /// <summary>Rounds of one pass; the last may be smaller.</summary>
    internal long RoundsPerPass => (TrainRows + RoundRows - 1) / RoundRows;

    /// <summary>Rounds of the plan's run; null when <c>--minutes</c> has to fix them.</summary>
    internal long? Steps(TrainingPlan plan) => plan switch
    {
        { Steps: { } steps } => (steps + StepsPerRound - 1) / StepsPerRound,
        { Minutes: not null } => null,
        { Epochs: var epochs } => (epochs ?? DefaultEpochs) * RoundsPerPass,
    };

    /// <summary>Validations without improvement before the run stops early; null for never.</summary>
    internal static int? Patience(TrainingPlan plan) =>
        plan.Patience ?? (plan is { Steps: null, Epochs: null, Minutes: null } ? TrainingPlan.DefaultPatience : null);

    /// <summary>Whether to validate after this many rounds: once a pass, but neither all the time nor too rarely, and at the end.</summary>
    internal bool ValidatesAfter(long round, long? steps)
    {
        if (round == steps) return true;
        var most = Math.Max(LeastRoundsBetweenValidations, (steps ?? long.MaxValue) / LeastValidations);
        return round % Math.Clamp(RoundsPerPass, LeastRoundsBetweenValidations, most) == 0;
    }

    /// <summary>Whether a round is the last of its pass.</summary>
    internal bool EndsPass(long round) => (round + 1) % RoundsPerPass == 0;

    /// <summary>Which rows a shard of a round computes: pass, first position, rows.</summary>
    internal (long Pass, long First, int Rows) Slice(long round, int shard)
    {
        var (pass, index) = Math.DivRem(round, RoundsPerPass);
        var start = index * RoundRows;
        var rows = Math.Min(RoundRows, TrainRows - start);
        var first = rows * shard / Shards;
        return (pass, start + first, (int)(rows * (shard + 1) / Shards - first));
    }
}
