using System.Collections.Immutable;
using System.Diagnostics;
using FlowGrain.Training.Chronicles;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>The rounds of a run, one after another. Decides and waits; holds no tensors. Runs in the turns of the run grain.</summary>
internal sealed class RunLoop(RunParts parts, RunState state, GroupCommit commits, Crew crew, Chronicle chronicle, TimeProvider clock, ILogger logger)
{
    internal const long MostEvaluationRows = 100_000; // a mean over more rows would not change its second digit
    private const int TimedRounds = 20; // what --minutes fixes the number of steps from
    private const double WarmShare = 0.02, MostWarmSeconds = 10; // of the minutes, until rounds are as fast as they get

    private readonly RunSchedule _schedule = RunSchedule.Of(parts.Plan, parts.Prepared.Data.Split.TrainRows);
    private readonly LoopEnd _end = new();
    private readonly RoundTraces _traces = new(parts.Run, parts.Version, parts.Silo, clock) { UntilCommit = () => commits.Left };
    private readonly SkippedRounds _skipped = new(parts.Run, logger);
    private readonly RoundRule _rule = new(parts.Plan, parts.Prepared.Settings, RunSchedule.Of(parts.Plan, parts.Prepared.Data.Split.TrainRows), state.Steps);
    private bool _owesValidation; // of the round that State has made
    private bool _isOpen; // its ranges are
    private Evaluation? _evaluation;
    private readonly Disputes _disputes = new(parts.Run, crew, logger);
    private ulong _weightsHash;
    private long _rejects;
    private double _norm; // of the last gradient
    private string? _traced; // the span of the round that State has made; null where it has none
    private long? _reduced, _applied; // when the parts of the open round ended, for a span of it that is made afterwards

    /// <summary>The work that waits for workers.</summary>
    internal LeaseBoard Board { get; } = new(clock)
    {
        Late = (worker, lease) => crew.Flush(worker, lease.Round),
        Overdue = (worker, lease) =>
        {
            logger.LeaseOverdue(parts.Run, worker, lease.Shard, lease.Round);
            crew.Flush(worker, lease.Round);
        },
    };

    /// <summary>Where the run is.</summary>
    internal RunState State { get; private set; } = state;

    /// <summary>Training rows a second.</summary>
    internal RateMeter Rate { get; } = new(clock);

    /// <summary>What it tells the instruments.</summary>
    internal RunMeter Meter { get; } = new(parts.Run, clock);

    /// <summary>Mean loss and learning rate of the last round.</summary>
    internal (double TrainNats, double LearningRate) Last { get; private set; } = (double.NaN, double.NaN);

    /// <summary>The span of the whole run, to which every traced round is linked.</summary>
    internal Activity? Job
    {
        set
        {
            _traces.Job = value?.Context;
            commits.Job = value?.Context;
            State = State with { Trace = value?.Id };
        }
    }

    /// <summary>Called after every round and every validation.</summary>
    internal Action Changed { get; set; } = () => { };

    /// <summary>Whether all rounds are made, or the patience is over.</summary>
    internal bool IsComplete => !_owesValidation && (State.Round == State.Steps || State.Stopping.IsOver(RunSchedule.Patience(parts.Plan)));

    /// <summary>Whether a stop was asked for.</summary>
    internal bool IsStopping => _end.IsStopping;

    /// <summary>Whether it has paused for its ranges to move.</summary>
    internal bool IsMoving => _end is { IsMoving: true, IsStopping: false } && !IsComplete;

    /// <summary>Begins with the weights that the ranges hold.</summary>
    internal void Begin(IEnumerable<RangeHashes> weights) => (_weightsHash, _isOpen) = (HashOf(weights), true);

    /// <summary>
    /// Rounds until the run is complete or asked to stop or to move; then everything is durable. A round whose validation was left
    /// is not: whoever goes on makes both again, to the same bits.
    /// </summary>
    internal async Task Rounds()
    {
        try
        {
            if (BeginsKnown && !_end.IsNear) await ValidateAndTell();
            while (!_end.IsNear && !IsComplete) await RoundAndWhatFollows();
        }
        catch (OperationCanceledException) when (_end.IsNear)
        {
            // A round without workers would not end; what came before it is kept, unless it is left to others.
        }

        if (!_owesValidation) await _end.OrAbandoned(commits.Now(State, _traced));
    }

    /// <summary>Makes some rounds for their time alone; how many of the median length of the last ones fit into so many minutes.</summary>
    /// <remarks>The first rounds of a process take up to three times as long as later ones: their code is not compiled to its end yet.</remarks>
    /// <exception cref="OperationCanceledException">A stop was asked for meanwhile, or a move while there was no worker.</exception>
    internal async Task<long> TimeSteps(double minutes)
    {
        const double Share = 0.95; // the rest is for validations and publishing
        var (began, budget, seconds) = (clock.GetTimestamp(), TimeSpan.FromMinutes(minutes), new Queue<double>());
        var warm = TimeSpan.FromSeconds(Math.Min(MostWarmSeconds, WarmShare * budget.TotalSeconds));
        while (seconds.Count < TimedRounds || clock.GetElapsedTime(began) < warm)
        {
            if (IsStopping) throw new OperationCanceledException();
            var started = clock.GetTimestamp();
            await Round();
            if (seconds.Count == TimedRounds) seconds.Dequeue();
            seconds.Enqueue(clock.GetElapsedTime(started).TotalSeconds);
        }

        var left = Share * budget.TotalSeconds - clock.GetElapsedTime(began).TotalSeconds;
        return (long)Math.Max(1, left / seconds.Order().ElementAt(TimedRounds / 2));
    }

    /// <summary>Asks for a stop after the running round; without workers it would never end, and is left.</summary>
    internal void Stop()
    {
        _end.Stop();
        WorkersChanged();
    }

    /// <summary>Stops without an end of the running round.</summary>
    internal void Abandon() => _end.Abandon();

    /// <summary>Asks for a pause after the running round, for the ranges to move; without workers it would never end, and is left.</summary>
    internal void Move()
    {
        _end.Move();
        WorkersChanged();
    }

    /// <summary>Leaves the running round where a stop or a move waits for it, and nobody is left to make it.</summary>
    internal void WorkersChanged()
    {
        if (crew.Count == 0 && _end.IsNear && (IsStopping || !IsComplete)) _end.Leave();
    }

    /// <summary>Ends the run with a sentence: some worker could not compute.</summary>
    internal void Fail(string sentence) => _end.Fail(new InvalidOperationException(sentence));

    /// <summary>Takes the sums of a part of the open evaluation.</summary>
    internal void Report(ShardLease lease, EvaluationSums sums) => _evaluation?.Report(lease, sums);

    /// <summary>Notes a computed lease.</summary>
    internal void Finished(string worker, LeaseReport report)
    {
        Board.Finished(worker, report);
        if (report.Work == ShardWork.Arbitrate) _disputes.Decide(report);
    }

    /// <summary>Works on without workers that are silent or gone: what they had, and what their silos had not submitted, is computed again.</summary>
    internal async Task Lost(ImmutableArray<string> workers)
    {
        foreach (var worker in workers) Board.Lost(worker);
        _disputes.RequireThird(State.Round, _end);
        if (!_isOpen) return; // nothing is computed yet
        var (round, missing) = (State.Round, new HashSet<int>());
        try
        {
            foreach (var aggregator in parts.Aggregators) missing.UnionWith(await Repeated.Call(() => aggregator.Missing(parts.Epoch, round), clock));
        }
        catch (StaleEpochException)
        {
            return; // the round meets the same, and answers it
        }
        catch (RangeLostException lost)
        {
            _end.Fail(lost); // no round may be open that would meet it: an evaluation asks no range
            return;
        }

        if (round == State.Round && _evaluation is null) Board.Again(missing);
    }

    /// <summary>Log-density sums over rows of this kind, a hundred thousand at most unless more are asked for.</summary>
    internal async Task<EvaluationSums> Evaluate(ShardWork work, long rows, long most = MostEvaluationRows)
    {
        if (rows == 0) return new EvaluationSums(double.NaN, 0, 0);
        var evaluation = _evaluation = new Evaluation(work, State.Round, await HashOf(Evaluation.KindOf(work)), rows, most);
        Board.Post(evaluation.Leases, crew.Silos);
        await _end.OrFailure(evaluation.Sums);
        _evaluation = null;
        return await evaluation.Sums;
    }

    /// <summary>The hash of weights as the ranges hold them; see <see cref="WeightsHash"/>.</summary>
    internal async Task<ulong> HashOf(WeightKind kind)
    {
        var round = State.Round;
        return HashOf(await Task.WhenAll(parts.Aggregators.Select(aggregator => Repeated.Call(() => aggregator.Hashes(parts.Epoch, round, kind), clock))));
    }

    /// <summary>Whether the weights before the first round are a model's: they are the best until others are better.</summary>
    private bool BeginsKnown => parts.Prepared.From is not null && State is { Round: 0, Validation: null } && parts.Prepared.Data.Split.ValidationRows > 0;

    private async Task ValidateAndTell()
    {
        await Validate();
        Changed();
    }

    private async Task RoundAndWhatFollows()
    {
        await Round();
        if (_owesValidation) await Validate();
        await commits.AtBoundary(State, _traced);
        Changed();
    }

    private async Task Round()
    {
        var rows = State.Rows;
        (_reduced, _applied) = (null, null);
        var seconds = await _traces.Trace(State.Round, Round, Parts);
        var straggler = Board.StragglerRatio;
        Meter.Committed(State.Rows - rows, Last.TrainNats, Last.LearningRate, _norm, straggler);
        chronicle.Add(StepsMade, Last.TrainNats, Last.LearningRate, (State.Rows - rows) / seconds, _norm, straggler);
    }

    /// <summary>What is known of the open round without spans: what its workers reported, and the step.</summary>
    private IEnumerable<RoundPart> Parts() => _reduced is { } reduced ? Board.Parts.Append(new RoundPart(Spans.Apply, reduced, _applied)) : Board.Parts;

    private RoundReduction Reduction => field ??= new(parts, Board, crew, _disputes, _end, clock);

    private long StepsMade => RunSchedule.StepsOf(parts.Plan, State.Round);

    private async Task Round(Activity? span)
    {
        var handed = Board.Handed;
        _traced = span?.Id;
        var ranges = await Reduction.Of([.. Enumerable.Range(0, _schedule.Shards).Select(shard => _rule.Lease(State.Round, shard, _weightsHash, span?.Id))]);
        _reduced = clock.GetTimestamp();
        _norm = RoundRule.Norm(ranges);
        var step = _rule.Step(State.Round, ranges[0].Weight, _norm, span?.Id);
        _weightsHash = HashOf(await Task.WhenAll(parts.Aggregators.Select(aggregator => Repeated.Call(() => aggregator.Apply(parts.Epoch, step), clock))));
        _applied = clock.GetTimestamp();
        Record(ranges, step, Board.Handed - handed);
        Committed(ranges[0], step);
    }

    /// <summary>Adds the round to the record.</summary>
    private void Record(ReducedRound[] ranges, RoundStep step, long attempts)
    {
        var rejects = ranges.Sum(range => range.Rejects);
        commits.Rounds.Add(_rule.Line(ranges[0], step, _weightsHash, attempts, rejects - _rejects));
        _rejects = rejects;
    }

    /// <summary>The rows of the open pass; where the round ends it they must be all, and none twice.</summary>
    private PassLedger Counted(ReducedRound reduced, long round)
    {
        var ledger = State.Pass.With(reduced.Rows, reduced.RowHash);
        if (!_schedule.EndsPass(round)) return ledger;
        ledger.Require(parts.Run, round / _schedule.RoundsPerPass, parts.Prepared.Data.Order);
        return PassLedger.Empty;
    }

    private void Committed(ReducedRound reduced, RoundStep step)
    {
        var (loss, skipped) = (reduced.Loss / reduced.Weight, _skipped.After(State.Skipped, step));
        State = State with
        {
            Round = step.Round + 1,
            Rows = State.Rows + reduced.Rows,
            Passes = (step.Round + 1.0) / _schedule.RoundsPerPass,
            Skipped = skipped,
            Pass = Counted(reduced, step.Round),
            History = State.History.With(step.Round + 1, loss),
        };
        _owesValidation = State.Steps is not null && _schedule.ValidatesAfter(State.Round, State.Steps) && parts.Prepared.Data.Split.ValidationRows > 0;
        Last = (loss, step.LearningRate);
        Rate.Add(reduced.Rows);
    }

    private async Task Validate()
    {
        var nats = (await Evaluate(ShardWork.ValidateAverage, parts.Prepared.Data.Split.ValidationRows)).Mean;
        var stopping = State.Stopping.After(State.Round, nats);
        if (stopping.BestStep == State.Round) await Task.WhenAll(parts.Aggregators.Select(aggregator => Repeated.Call(() => aggregator.KeepBest(parts.Epoch, State.Round), clock)));
        chronicle.Validated(StepsMade, nats);
        State = State with { Stopping = stopping, Validation = nats, History = State.History.WithValidation(nats) };
        _owesValidation = false;
    }

    private static ulong HashOf(IEnumerable<RangeHashes> weights) => WeightsHash.Of([.. weights.SelectMany(range => range.Values)]);
}
