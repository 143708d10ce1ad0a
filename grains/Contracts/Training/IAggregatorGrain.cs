using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>
/// A range of the flat parameter vector with its optimizer state, and the reduction tree of the open round. Adds and
/// steps on its silo's reduction thread, never in a turn. Key: run/range.
/// </summary>
[Alias("flowgrain.training.IAggregatorGrain")]
public interface IAggregatorGrain : IGrainWithStringKey
{
    /// <summary>Takes the range's state, fresh or from a snapshot, for this epoch. Repeating it does nothing.</summary>
    /// <exception cref="StaleEpochException">The range has been opened for a newer epoch.</exception>
    [Alias("Open"), ResponseTimeout(LongCall.Timeout)]
    Task Open(AggregatorOpening opening);

    /// <summary>The weights of the range after <paramref name="round"/> steps. In the silo the block is the live buffer: copy before computing.</summary>
    /// <exception cref="StaleEpochException">The epoch or the round is not the open one.</exception>
    [Alias("Weights"), Orleans.Concurrency.AlwaysInterleave]
    Task<Block<float>> Weights(Epoch epoch, long round, WeightKind kind);

    /// <summary>Adds one shard's gradient sums. Repeating a submit does nothing, so a retry after a timeout is safe.</summary>
    [Alias("Submit"), Orleans.Concurrency.AlwaysInterleave]
    Task<SubmitReply> Submit(ShardGradient gradient);

    /// <summary>Waits until every shard of the round is in, ten seconds at most; null means ask again.</summary>
    [Alias("Reduced"), Orleans.Concurrency.AlwaysInterleave]
    Task<ReducedRound?> Reduced(Epoch epoch, long round);

    /// <summary>Steps the optimizer with the reduced gradient and opens the next round. Repeating it does nothing.</summary>
    [Alias("Apply"), ResponseTimeout(LongCall.Timeout)]
    Task Apply(Epoch epoch, RoundStep step);

    /// <summary>Keeps the averaged weights as the best so far.</summary>
    [Alias("KeepBest"), ResponseTimeout(LongCall.Timeout)]
    Task KeepBest(Epoch epoch, long round);

    /// <summary>Copies the state between two rounds, for <see cref="WriteFrozen"/>.</summary>
    [Alias("Freeze"), ResponseTimeout(LongCall.Timeout)]
    Task Freeze(Epoch epoch, long round);

    /// <summary>Writes the copy to a file; returns when it is on disk. Training goes on meanwhile.</summary>
    [Alias("WriteFrozen"), Orleans.Concurrency.AlwaysInterleave, ResponseTimeout(LongCall.Timeout)]
    Task<SnapshotPart> WriteFrozen(Epoch epoch, string file);

    /// <summary>Forgets the state.</summary>
    [Alias("Close")]
    Task Close(Epoch epoch);
}

/// <summary>What an aggregator begins with.</summary>
/// <param name="Epoch">The run's epoch.</param>
/// <param name="Range">Its slice.</param>
/// <param name="Shards">Shards of a round, S.</param>
/// <param name="Round">Steps made so far.</param>
/// <param name="FlowJson">The flow's spec, from which fresh weights are made.</param>
/// <param name="SnapshotFile">The file to read the state from; null begins fresh.</param>
/// <param name="WeightDecay">λ of AdamW.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.AggregatorOpening")]
public sealed record AggregatorOpening(
    [property: Id(0)] Epoch Epoch,
    [property: Id(1)] ParameterRange Range,
    [property: Id(2)] int Shards,
    [property: Id(3)] long Round,
    [property: Id(4)] Block<byte> FlowJson,
    [property: Id(5)] string? SnapshotFile,
    [property: Id(6)] double WeightDecay);

/// <summary>Which weights.</summary>
[GenerateSerializer, Alias("flowgrain.training.WeightKind")]
public enum WeightKind
{
    /// <summary>Those being trained.</summary>
    Current,

    /// <summary>Their moving average.</summary>
    Average,

    /// <summary>The average that validated best.</summary>
    Best,
}

/// <summary>Gradient sums of one shard over one range.</summary>
/// <param name="Epoch">The run's epoch.</param>
/// <param name="Round">The round.</param>
/// <param name="Shard">The shard.</param>
/// <param name="Worker">Who computed it.</param>
/// <param name="Sums">Σ ∂(−log p) over the shard's rows. The receiver copies what it keeps before the call returns.</param>
/// <param name="Loss">Σ −log p over the rows, nats.</param>
/// <param name="Rows">Rows of the shard.</param>
/// <param name="TraceParent">The span to report under, or null.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ShardGradient")]
public sealed record ShardGradient(
    [property: Id(0)] Epoch Epoch,
    [property: Id(1)] long Round,
    [property: Id(2)] int Shard,
    [property: Id(3)] string Worker,
    [property: Id(4)] Block<float> Sums,
    [property: Id(5)] double Loss,
    [property: Id(6)] int Rows,
    [property: Id(7)] string? TraceParent);

/// <summary>What became of a submit. Reject codes are a metric.</summary>
[GenerateSerializer, Alias("flowgrain.training.SubmitReply")]
public enum SubmitReply
{
    /// <summary>It is in the tree.</summary>
    Accepted,

    /// <summary>The same bits were there already.</summary>
    Duplicate,

    /// <summary>Other bits were there already: one of the two workers is wrong.</summary>
    Mismatch,

    /// <summary>The epoch or the round is over.</summary>
    Stale,
}

/// <summary>A round whose shards are all in.</summary>
/// <param name="SumsOfSquares">Σ g² of each 4,096 numbers of the range, not finite where a gradient was not.</param>
/// <param name="Loss">Σ −log p, nats, summed in the same tree.</param>
/// <param name="Rows">Rows of the round.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ReducedRound")]
public sealed record ReducedRound([property: Id(0)] ImmutableArray<double> SumsOfSquares, [property: Id(1)] double Loss, [property: Id(2)] long Rows);

/// <summary>One step of the optimizer.</summary>
/// <param name="Round">The round that is applied.</param>
/// <param name="GradientScale">Multiplies the sums: one over the rows, times the clipping; 0 skips the step.</param>
/// <param name="LearningRate">η.</param>
/// <param name="AverageDecay">Decay of the moving average.</param>
/// <param name="TraceParent">The round's trace where it is sampled, else null.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RoundStep")]
public sealed record RoundStep(
    [property: Id(0)] long Round,
    [property: Id(1)] float GradientScale,
    [property: Id(2)] float LearningRate,
    [property: Id(3)] float AverageDecay,
    [property: Id(4)] string? TraceParent);

/// <summary>A range's file in a snapshot.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.SnapshotPart")]
public sealed record SnapshotPart([property: Id(0)] string File, [property: Id(1)] long Bytes, [property: Id(2)] string Sha256);
