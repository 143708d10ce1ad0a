using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>A round that was traced, over all silos.</summary>
/// <param name="TraceId">Its trace, as exporters name it.</param>
/// <param name="Round">Its number, from 0.</param>
/// <param name="Begun">When it began.</param>
/// <param name="Seconds">How long it took; what it had written may take longer.</param>
/// <param name="Spans">Its parts, in the order in which they began; the round itself is the first.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.TracedRound")]
public sealed record TracedRound(
    [property: Id(0)] string TraceId,
    [property: Id(1)] long Round,
    [property: Id(2)] DateTimeOffset Begun,
    [property: Id(3)] double Seconds,
    [property: Id(4)] ImmutableArray<RoundSpan> Spans)
{
    /// <summary>The version of the run that made it.</summary>
    [Id(5)] public int Version { get; init; }

    /// <summary>Why it failed, as a sentence; null where it did not.</summary>
    [Id(6)] public string? Failure { get; init; }

    /// <summary>Whether it took four times as long as usual.</summary>
    [Id(7)] public bool IsSlow { get; init; }
}

/// <summary>A part of a traced round.</summary>
/// <param name="Id">What tells it from others.</param>
/// <param name="Parent">The part that it is below; null for the round.</param>
/// <param name="Name">What was done, such as flowgrain.shard.compute.</param>
/// <param name="Silo">Where.</param>
/// <param name="Slot">On which device slot; null where it needed none.</param>
/// <param name="Shard">Of which shard; null where it was of several, or of none.</param>
/// <param name="Begun">Seconds after the round's beginning, by the clock of its silo.</param>
/// <param name="Seconds">How long it took.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RoundSpan")]
public sealed record RoundSpan(
    [property: Id(0)] string Id,
    [property: Id(1)] string? Parent,
    [property: Id(2)] string Name,
    [property: Id(3)] string Silo,
    [property: Id(4)] int? Slot,
    [property: Id(5)] int? Shard,
    [property: Id(6)] double Begun,
    [property: Id(7)] double Seconds);

/// <summary>What one silo did of a traced round.</summary>
/// <param name="TraceId">The round's trace.</param>
/// <param name="Round">The round.</param>
/// <param name="Begun">When it began, by this silo's clock.</param>
/// <param name="Span">What it was; its beginning counts from its own.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.FinishedSpan")]
public sealed record FinishedSpan(
    [property: Id(0)] string TraceId,
    [property: Id(1)] long Round,
    [property: Id(2)] DateTimeOffset Begun,
    [property: Id(3)] RoundSpan Span)
{
    /// <summary>The version of the run, where it is the round itself; 0 of its parts.</summary>
    [Id(4)] public int Version { get; init; }

    /// <summary>Why it failed; null where it did not.</summary>
    [Id(5)] public string? Failure { get; init; }

    /// <summary>Whether it took far longer than usual.</summary>
    [Id(6)] public bool IsSlow { get; init; }
}
