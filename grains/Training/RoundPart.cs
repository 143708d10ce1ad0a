namespace FlowGrain.Training;

/// <summary>A part of a round as the silo that leads it saw it, for a span that is made afterwards.</summary>
/// <param name="Name">The name of its span.</param>
/// <param name="Begun">When it began, a timestamp of the clock.</param>
/// <param name="Ended">When it ended; null where it did not.</param>
/// <param name="Worker">Who had it; null where no worker did.</param>
/// <param name="Shard">Which shard; null where it is of none.</param>
internal readonly record struct RoundPart(string Name, long Begun, long? Ended, string? Worker = null, int? Shard = null);
