using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>
/// A range of the flat parameter vector with its optimizer state, and the reduction trees of the open round. Adds and
/// steps on its silo's reduction thread, never in a turn. Key: run/range.
/// </summary>
/// <remarks>
/// Its state lives in memory and, as snapshots, on disk. Where its silo is lost it begins anew without any, says so with a
/// <see cref="RangeLostException"/>, and the run opens it again from the last snapshot under a new epoch.
/// </remarks>
[Alias("flowgrain.training.IAggregatorGrain")]
public interface IAggregatorGrain : IGrainWithStringKey
{
    /// <summary>Takes the range's state, fresh or from a snapshot, for this epoch. Repeating it does nothing.</summary>
    /// <returns>Hashes of its weights; see <see cref="RangeHashes"/>.</returns>
    /// <exception cref="StaleEpochException">The range has been opened for a newer epoch.</exception>
    [Alias("Open"), ResponseTimeout(LongCall.Repeatable)]
    Task<RangeHashes> Open(AggregatorOpening opening);

    /// <summary>A chunk of the weights after <paramref name="round"/> steps. In the silo the block is the live buffer: copy before computing.</summary>
    /// <exception cref="StaleEpochException">The range is open for another epoch or round.</exception>
    /// <exception cref="RangeLostException">It has no state.</exception>
    [Alias("Weights"), Orleans.Concurrency.AlwaysInterleave]
    Task<Block<float>> Weights(Epoch epoch, long round, WeightKind kind, int chunk);

    /// <summary>Hashes of the weights after <paramref name="round"/> steps; see <see cref="RangeHashes"/>.</summary>
    /// <exception cref="StaleEpochException">The range is open for another epoch or round.</exception>
    /// <exception cref="RangeLostException">It has no state.</exception>
    [Alias("Hashes")]
    Task<RangeHashes> Hashes(Epoch epoch, long round, WeightKind kind);

    /// <summary>Adds the sum of some shards. Repeating a submit does nothing, so a retry after a timeout is safe.</summary>
    [Alias("Submit"), Orleans.Concurrency.AlwaysInterleave]
    Task<SubmitReply> Submit(PartialSum sum);

    /// <summary>Waits until every shard of the round is in, or two results of one differ, ten seconds at most; null means ask again.</summary>
    /// <exception cref="StaleEpochException">The range is open for another epoch or round.</exception>
    /// <exception cref="RangeLostException">It has no state.</exception>
    [Alias("Reduced"), Orleans.Concurrency.AlwaysInterleave]
    Task<ReducedRound?> Reduced(Epoch epoch, long round);

    /// <summary>The shards of the round that are not in yet.</summary>
    /// <exception cref="StaleEpochException">The range is open for another epoch or round.</exception>
    /// <exception cref="RangeLostException">It has no state.</exception>
    [Alias("Missing"), Orleans.Concurrency.AlwaysInterleave]
    Task<ImmutableArray<int>> Missing(Epoch epoch, long round);

    /// <summary>Makes the step with the reduced sums and opens the next round. Repeating it does nothing.</summary>
    /// <returns>Hashes of the new weights.</returns>
    /// <exception cref="StaleEpochException">The range is open for another epoch or round.</exception>
    /// <exception cref="RangeLostException">It has no state.</exception>
    [Alias("Apply")]
    Task<RangeHashes> Apply(Epoch epoch, RoundStep step);

    /// <summary>Keeps the averaged weights as the best so far.</summary>
    [Alias("KeepBest")]
    Task KeepBest(Epoch epoch, long round);

    /// <summary>Copies the state between two rounds, for <see cref="WriteFrozen"/>.</summary>
    [Alias("Freeze")]
    Task Freeze(Epoch epoch, long round);

    /// <summary>Writes the copy to a file; returns when it is on disk. Training goes on meanwhile.</summary>
    [Alias("WriteFrozen"), Orleans.Concurrency.AlwaysInterleave, ResponseTimeout(LongCall.Repeatable)]
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
/// <param name="SnapshotFiles">The files to read the state from, one a range of the run that wrote them; none begins fresh.</param>
/// <param name="Rule">How a round changes the weights.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.AggregatorOpening")]
public sealed record AggregatorOpening(
    [property: Id(0)] Epoch Epoch,
    [property: Id(1)] ParameterRange Range,
    [property: Id(2)] int Shards,
    [property: Id(3)] long Round,
    [property: Id(4)] Block<byte> FlowJson,
    [property: Id(5)] ImmutableArray<string> SnapshotFiles,
    [property: Id(6)] UpdateRule Rule);

/// <summary>How the sums of a round change the weights.</summary>
/// <param name="Mode">How the workers of a run meet.</param>
/// <param name="WeightDecay">λ of AdamW, in sync rounds.</param>
/// <param name="OuterRate">η of the outer step, in diloco rounds.</param>
/// <param name="OuterMomentum">μ of the outer step, in diloco rounds.</param>
/// <param name="AveragesMoments">Whether the inner optimizer's moments are averaged with the weights; else they begin at zero in each round.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.UpdateRule")]
public sealed record UpdateRule(
    [property: Id(0)] SyncMode Mode,
    [property: Id(1)] double WeightDecay,
    [property: Id(2)] double OuterRate,
    [property: Id(3)] double OuterMomentum,
    [property: Id(4)] bool AveragesMoments);

/// <summary>Which weights.</summary>
[GenerateSerializer, Alias("flowgrain.training.WeightKind")]
public enum WeightKind
{
    /// <summary>Those being trained, and with them the inner optimizer's moments where they are averaged.</summary>
    Current,

    /// <summary>Their moving average.</summary>
    Average,

    /// <summary>The average that validated best.</summary>
    Best,
}

/// <summary>The sum of an aligned stretch of shards over one chunk of a range.</summary>
/// <param name="Epoch">The run's epoch.</param>
/// <param name="Round">The round.</param>
/// <param name="Span">The stretch.</param>
/// <param name="Chunk">Index of the chunk in the range.</param>
/// <param name="Sums">The sum. The receiver copies what it keeps before the call returns.</param>
/// <param name="Hash">XxHash3 of the sum's bytes, little-endian.</param>
/// <param name="Leaves">Its shards, each with who computed it.</param>
/// <param name="Loss">Σ −w log p over the rows, nats.</param>
/// <param name="Rows">Rows of the stretch.</param>
/// <param name="TraceParent">The span to report under, or null.</param>
/// <param name="RowHash">The sum of the hashes of its rows' numbers, of the rows that its workers gathered.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.PartialSum")]
public sealed record PartialSum(
    [property: Id(0)] Epoch Epoch,
    [property: Id(1)] long Round,
    [property: Id(2)] ShardSpan Span,
    [property: Id(3)] int Chunk,
    [property: Id(4)] Block<float> Sums,
    [property: Id(5)] ulong Hash,
    [property: Id(6)] ImmutableArray<ShardLeaf> Leaves,
    [property: Id(7)] double Loss,
    [property: Id(8)] long Rows,
    [property: Id(9)] string? TraceParent,
    [property: Id(10)] ulong RowHash)
{
    /// <summary>The sum of the rows' weights; null where each counts once.</summary>
    [Id(11)] public double? Weights { get; init; }
}

/// <summary>One shard as one worker computed it.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Worker">The worker.</param>
/// <param name="Hash">XxHash3 of all its sums, never 0.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ShardLeaf")]
public readonly record struct ShardLeaf([property: Id(0)] int Shard, [property: Id(1)] string Worker, [property: Id(2)] ulong Hash);

/// <summary>What became of a submit.</summary>
/// <param name="Outcome">What.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.SubmitReply")]
public sealed record SubmitReply([property: Id(0)] SubmitOutcome Outcome);

/// <summary>Accepted, or why not. Outcomes are a metric.</summary>
[GenerateSerializer, Alias("flowgrain.training.SubmitOutcome")]
public enum SubmitOutcome
{
    /// <summary>It is in the tree.</summary>
    Accepted,

    /// <summary>The same bits were there already.</summary>
    Duplicate,

    /// <summary>Other bits were there already: one of the two workers is wrong, and the round is in doubt.</summary>
    Mismatch,

    /// <summary>The bytes do not match their hash: send it again.</summary>
    Damaged,

    /// <summary>Another epoch is open.</summary>
    StaleEpoch,

    /// <summary>Another round is open.</summary>
    StaleRound,
}

/// <summary>A round whose shards are all in, or in doubt.</summary>
/// <param name="SumsOfSquares">Σ g² of each 4,096 numbers of the range, not finite where a gradient was not.</param>
/// <param name="Loss">Σ −w log p, nats, summed in the same tree.</param>
/// <param name="Rows">Rows of the round.</param>
/// <param name="RowHash">The sum of the hashes of their numbers.</param>
/// <param name="Rejects">Submits that the range has refused since it was opened, of this and earlier rounds.</param>
/// <param name="Workers">Workers that computed its shards.</param>
/// <param name="Dispute">What puts it in doubt; then its sums mean nothing. Null where all results agree.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ReducedRound")]
public sealed record ReducedRound(
    [property: Id(0)] ImmutableArray<double> SumsOfSquares,
    [property: Id(1)] double Loss,
    [property: Id(2)] long Rows,
    [property: Id(3)] ulong RowHash,
    [property: Id(4)] long Rejects,
    [property: Id(5)] int Workers,
    [property: Id(6)] Dispute? Dispute = null)
{
    /// <summary>The sum of the rows' weights; null where each counts once.</summary>
    [Id(7)] public double? Weights { get; init; }

    /// <summary>What the sums are divided by.</summary>
    public double Weight => Weights ?? Rows;
}

/// <summary>A shard that was computed to other bits the second time: one of the two workers is wrong.</summary>
/// <param name="First">The result that came first.</param>
/// <param name="Second">The other.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.Dispute")]
public sealed record Dispute([property: Id(0)] ShardLeaf First, [property: Id(1)] ShardLeaf Second);

/// <summary>What a round comes to.</summary>
/// <param name="Round">The round that is applied.</param>
/// <param name="Scale">Multiplies the sums: one over the rows, or over their weights, in sync rounds times the clipping; 0 skips the step.</param>
/// <param name="LearningRate">η, in sync rounds.</param>
/// <param name="AverageDecay">Decay of the moving average.</param>
/// <param name="TraceParent">The round's trace where it is sampled, else null.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RoundStep")]
public sealed record RoundStep(
    [property: Id(0)] long Round,
    [property: Id(1)] float Scale,
    [property: Id(2)] float LearningRate,
    [property: Id(3)] float AverageDecay,
    [property: Id(4)] string? TraceParent);

/// <summary>XxHash3 of each 4,096 weights of a range, little-endian: what a round's weights are told by, however they are cut into ranges.</summary>
/// <param name="Values">The hashes, in order.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RangeHashes")]
public sealed record RangeHashes([property: Id(0)] ImmutableArray<ulong> Values);

/// <summary>A range's file in a snapshot.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.SnapshotPart")]
public sealed record SnapshotPart([property: Id(0)] string File, [property: Id(1)] long Bytes, [property: Id(2)] string Sha256);
