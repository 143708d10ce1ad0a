using System.Collections.Immutable;
using System.Diagnostics;
using FlowGrain.Flows.Optimization;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>What a loop works on.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Version">The version it makes.</param>
/// <param name="Epoch">The claim that it holds.</param>
/// <param name="Plan">The plan.</param>
/// <param name="Prepared">What was prepared from it.</param>
/// <param name="Ranges">The slices of the parameter vector.</param>
/// <param name="Aggregators">One for each range.</param>
internal sealed record RunParts(
    string Run,
    int Version,
    Epoch Epoch,
    TrainingPlan Plan,
    PreparedRun Prepared,
    ImmutableArray<ParameterRange> Ranges,
    ImmutableArray<IAggregatorGrain> Aggregators);

/// <summary>The rounds of a run, one after another. Decides and waits; holds no tensors. Runs in the turns of the run grain.</summary>
internal sealed class RunLoop(RunParts parts, RunState state, GroupCommit commits, TimeProvider clock, ILogger logger)
{
    private const long MostEvaluationRows = 100_000; // a mean over more rows would not change its second digit
    private const int MostSkippedRounds = 20; // a run whose gradients stay infinite will not recover
    private const int TimedRounds = 20; // what --minutes fixes the number of steps from

    private readonly RunSchedule _schedule = RunSchedule.Of(parts.Plan, parts.Prepared.Data.Split.TrainRows);
    private readonly TaskCompletionSource<ReducedRound?> _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RoundSampler _sampler = new(clock);
    private Evaluation? _evaluation;
    private string? _traced;
    private bool _stop;

    /// <summary>The work that waits for workers.</summary>
    internal LeaseBoard Board { get; } = new(clock);

    /// <summary>Where the run is.</summary>
    internal RunState State { get; private set; } = state;

    /// <summary>Training rows a second.</summary>
    internal RateMeter Rate { get; } = new(clock);

    /// <summary>Mean loss and learning rate of the last round.</summary>
    internal (double TrainNats, double LearningRate) Last { get; private set; } = (double.NaN, double.NaN);

    /// <summary>The span of the whole run, to which every traced round is linked.</summary>
    internal ActivityContext? Job { get; set; }

    /// <summary>Called after every round and every validation.</summary>
    internal Action Changed { get; set; } = () => { };

    /// <summary>Whether all rounds are made, or the patience is over.</summary>
    internal bool IsComplete => State.Round == State.Steps || State.Stopping.IsOver(RunSchedule.Patience(parts.Plan));

    /// <summary>Rounds until the run is complete or asked to stop; then everything is durable.</summary>
    internal async Task Rounds()
    {
        while (!_stop && !IsComplete)
        {
            await Round();
            if (_schedule.ValidatesAfter(State.Round, State.Steps)) await Validate();
            await commits.AtBoundary(State, _traced);
            Changed();
        }

        await commits.Now(State, _traced);
    }

    /// <summary>Makes some rounds for their time alone; how many of the median length fit into so many minutes.</summary>
    /// <exception cref="OperationCanceledException">A stop was asked for meanwhile.</exception>
    internal async Task<long> TimeSteps(double minutes)
    {
        const double Share = 0.95; // the rest is for validations and publishing
        var seconds = new double[TimedRounds];
        for (var i = 0; i < TimedRounds; i++)
        {
            if (_stop) throw new OperationCanceledException();
            var started = clock.GetTimestamp();
            await Round();
            seconds[i] = clock.GetElapsedTime(started).TotalSeconds;
        }

        Array.Sort(seconds);
        return (long)Math.Max(1, minutes * 60 * Share / seconds[TimedRounds / 2]);
    }

    /// <summary>Whether a stop was asked for.</summary>
    internal bool IsStopping => _stop;

    /// <summary>Asks for a stop after the running round.</summary>
    internal void Stop() => _stop = true;

    /// <summary>Ends the run with a sentence: some worker could not compute.</summary>
    internal void Fail(string sentence) => _failure.TrySetException(new InvalidOperationException(sentence));

    /// <summary>Takes the sums of a part of the open evaluation.</summary>
    internal void Report(ShardLease lease, EvaluationSums sums) => _evaluation?.Report(lease, sums);

    /// <summary>Log-density sums over rows of this kind, a hundred thousand at most.</summary>
    internal async Task<EvaluationSums> Evaluate(ShardWork work, long rows)
    {
        if (rows == 0) return new EvaluationSums(double.NaN, 0, 0);
        _evaluation = new Evaluation(work, State.Round, Math.Min(rows, MostEvaluationRows));
        Board.Post(_evaluation.Leases.Select(lease => lease with { Ranges = parts.Ranges }));
        await Task.WhenAny(_evaluation.Sums, _failure.Task).Unwrap();
        return await _evaluation.Sums;
    }

    private async Task Round()
    {
        var started = clock.GetTimestamp();
        using var span = _sampler.IsDue() ? Telemetry.StartRoot("flowgrain.round", Job) : null;
        _traced = span?.Id ?? _traced;
        Board.Post(Enumerable.Range(0, _schedule.Shards).Select(shard => Lease(shard, span)));
        var ranges = await Task.WhenAll(parts.Aggregators.Select(Reduced));
        var step = Step(ranges, span);
        await Task.WhenAll(parts.Aggregators.Select(aggregator => aggregator.Apply(parts.Epoch, step)));
        Committed(ranges[0], step);
        Telemetry.RoundSeconds.Record(clock.GetElapsedTime(started).TotalSeconds);
    }

    private ShardLease Lease(int shard, Activity? span)
    {
        var (pass, first, rows) = _schedule.Slice(State.Round, shard);
        return new ShardLease(ShardWork.Gradient, State.Round, shard, pass, first, rows, parts.Ranges, span?.Id);
    }

    private async Task<ReducedRound> Reduced(IAggregatorGrain aggregator)
    {
        while (true)
        {
            var reduced = await Task.WhenAny(aggregator.Reduced(parts.Epoch, State.Round), _failure.Task).Unwrap();
            if (reduced is not null) return reduced;
        }
    }

    private RoundStep Step(ReducedRound[] ranges, Activity? span)
    {
        var step = State.Round + 1;
        var optimizer = parts.Prepared.Settings.Optimizer;
        var peak = parts.Plan.LearningRate ?? parts.Prepared.Settings.Preset.LearningRate;
        var norm = Math.Sqrt(Gradients.Total(ranges.SelectMany(range => range.SumsOfSquares))) / ranges[0].Rows;
        var scale = double.IsFinite(norm) ? Gradients.ClipFactor(norm, optimizer["clip_norm"]) / ranges[0].Rows : 0;
        Telemetry.GradientNorm.Record(norm);
        return new RoundStep(
            State.Round,
            (float)scale,
            (float)RunSchedule.Rates(peak, optimizer["warmup"], State.Steps).At(step),
            (float)WeightAverage.DecayAt(step, optimizer["average_decay"]),
            span?.Id);
    }

    private void Committed(ReducedRound reduced, RoundStep step)
    {
        var (loss, skipped) = (reduced.Loss / reduced.Rows, step.GradientScale == 0 ? State.Skipped + 1 : 0);
        if (skipped > 0) logger.StepSkipped(parts.Run, step.Round);
        if (skipped >= MostSkippedRounds)
            throw new InvalidOperationException($"Run '{parts.Run}' met {skipped} gradients in a row that are not finite, up to step {step.Round}; try a lower --lr, or look for extreme values in the data.");
        State = State with
        {
            Round = step.Round + 1,
            Rows = State.Rows + reduced.Rows,
            Passes = (step.Round + 1.0) / _schedule.RoundsPerPass,
            Skipped = skipped,
            History = State.History.With(step.Round + 1, loss),
        };
        Last = (loss, step.LearningRate);
        Rate.Add(reduced.Rows);
        Telemetry.Rounds.Add(1);
        Telemetry.Rows.Add(reduced.Rows);
        Telemetry.Loss.Record(loss);
        Telemetry.LearningRate.Record(step.LearningRate);
    }

    private async Task Validate()
    {
        var rows = parts.Prepared.Data.Split.ValidationRows;
        if (rows == 0) return;
        var sums = await Evaluate(ShardWork.ValidateAverage, rows);
        var nats = sums.NegativeLogDensity / sums.Rows;
        var stopping = State.Stopping.After(State.Round, nats);
        if (stopping.BestStep == State.Round) await Task.WhenAll(parts.Aggregators.Select(aggregator => aggregator.KeepBest(parts.Epoch, State.Round)));
        State = State with { Stopping = stopping, Validation = nats, History = State.History.WithValidation(nats) };
    }
}
