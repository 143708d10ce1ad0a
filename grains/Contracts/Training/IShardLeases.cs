using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>The side of a run that its workers see. The run grain implements it.</summary>
[Alias("flowgrain.training.IShardLeases")]
public interface IShardLeases : IGrainWithStringKey
{
    /// <summary>Waits for work, ten seconds at most; null means ask again.</summary>
    /// <param name="epoch">The epoch that the worker was assigned for.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="finished">The lease that this lane of the worker has computed since it asked last, or null.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="StaleEpochException">The run has a newer epoch; the worker must end.</exception>
    [Alias("Lease"), Orleans.Concurrency.AlwaysInterleave]
    Task<ShardLease?> Lease(Epoch epoch, string worker, LeaseReport? finished, CancellationToken cancellation = default);

    /// <summary>Says that the worker lives, and which leases it has. One that is silent for three seconds loses them to others; so it does one that it does not know of.</summary>
    /// <exception cref="StaleEpochException">The run has a newer epoch; the worker must end.</exception>
    [Alias("Beat"), Orleans.Concurrency.AlwaysInterleave]
    Task Beat(Epoch epoch, string worker, ImmutableArray<LeaseId> held);

    /// <summary>Hands in the sums of an evaluation. Repeating it does nothing.</summary>
    /// <exception cref="StaleEpochException">The run has a newer epoch.</exception>
    [Alias("ReportEvaluation"), Orleans.Concurrency.AlwaysInterleave]
    Task ReportEvaluation(Epoch epoch, ShardLease lease, EvaluationSums sums);

    /// <summary>Says that a worker cannot begin or go on: it does not see the data, reads another flow, lost its device. The run works without it, and ends with the sentence when no worker is left.</summary>
    /// <exception cref="StaleEpochException">The run has a newer epoch.</exception>
    [Alias("ReportFailure"), Orleans.Concurrency.AlwaysInterleave]
    Task ReportFailure(Epoch epoch, string worker, string sentence);
}

/// <summary>One piece of work: a shard of a round, or a part of an evaluation. A pure function of run, round and shard.</summary>
/// <param name="Work">What to compute.</param>
/// <param name="Round">The open round; weights are those after this many steps.</param>
/// <param name="Shard">Which shard, or which part of the evaluation.</param>
/// <param name="Pass">Which pass over the training rows; its order depends on it.</param>
/// <param name="First">First position in that order, or in the rows evaluated.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Attempt">1 for the first worker that gets it.</param>
/// <param name="WeightsHash">Hash of the weights to compute with.</param>
/// <param name="TraceParent">The round's trace where it is sampled, else null.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ShardLease")]
public sealed record ShardLease(
    [property: Id(0)] ShardWork Work,
    [property: Id(1)] long Round,
    [property: Id(2)] int Shard,
    [property: Id(3)] long Pass,
    [property: Id(4)] long First,
    [property: Id(5)] int Rows,
    [property: Id(6)] int Attempt,
    [property: Id(7)] ulong WeightsHash,
    [property: Id(8)] string? TraceParent)
{
    /// <summary>What tells it from other leases.</summary>
    public LeaseId Id => new(Work, Round, Shard);
}

/// <summary>What tells a lease from others of its run.</summary>
/// <param name="Work">What it asks for.</param>
/// <param name="Round">Its round.</param>
/// <param name="Shard">Its shard.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.LeaseId")]
public readonly record struct LeaseId([property: Id(0)] ShardWork Work, [property: Id(1)] long Round, [property: Id(2)] int Shard);

/// <summary>A lease that was computed.</summary>
/// <param name="Work">What was computed.</param>
/// <param name="Round">Its round.</param>
/// <param name="Shard">Its shard.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Hash">With <see cref="ShardWork.Arbitrate"/>: hash of the sums; else 0.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.LeaseReport")]
public sealed record LeaseReport(
    [property: Id(0)] ShardWork Work,
    [property: Id(1)] long Round,
    [property: Id(2)] int Shard,
    [property: Id(3)] double Seconds,
    [property: Id(4)] ulong Hash);

/// <summary>What a lease asks for.</summary>
[GenerateSerializer, Alias("flowgrain.training.ShardWork")]
public enum ShardWork
{
    /// <summary>Gradient sums over training rows at the current weights; in local and diloco rounds what inner steps made of the weights.</summary>
    Gradient,

    /// <summary>Log-density sums over validation rows at the averaged weights.</summary>
    ValidateAverage,

    /// <summary>Log-density sums over validation rows at the best weights, and their round-trip error.</summary>
    ValidateBest,

    /// <summary>Log-density sums over training rows, in the order of pass 0, at the best weights.</summary>
    TrainBest,

    /// <summary>Log-density sums over test rows at the best weights.</summary>
    TestBest,

    /// <summary>As <see cref="Gradient"/>, but the hash of the sums alone is reported: two workers disagree, a third decides.</summary>
    Arbitrate,
}

/// <summary>Sums over the rows of one part of an evaluation.</summary>
/// <param name="NegativeLogDensity">Σ −w log p, nats.</param>
/// <param name="Rows">Rows.</param>
/// <param name="RoundTripError">Largest |generate(normalize(x)) − x| in deviations; 0 where it was not asked for.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.EvaluationSums")]
public sealed record EvaluationSums(
    [property: Id(0)] double NegativeLogDensity,
    [property: Id(1)] long Rows,
    [property: Id(2)] double RoundTripError)
{
    /// <summary>The sum of the rows' weights; null where each counts once.</summary>
    [Id(3)] public double? Weights { get; init; }

    /// <summary>Nats per row; not a number without rows.</summary>
    public double Mean => NegativeLogDensity / (Weights ?? Rows);
}

/// <summary>A slice of the flat parameter vector.</summary>
/// <param name="Offset">Its first number.</param>
/// <param name="Length">How many.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ParameterRange")]
public readonly record struct ParameterRange([property: Id(0)] int Offset, [property: Id(1)] int Length);
