using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>One thing that was said of a run.</summary>
/// <param name="Time">When, by the clock of the silo.</param>
/// <param name="Silo">Which silo said it, by its address between silos.</param>
/// <param name="Level">How grave it is.</param>
/// <param name="Event">Its name, such as <c>RunPublished</c>: stays while the words may change.</param>
/// <param name="Message">The sentence.</param>
/// <param name="Error">What went wrong, and what caused that; null where nothing did.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RunLogLine")]
public sealed record RunLogLine(
    [property: Id(0)] DateTimeOffset Time,
    [property: Id(1)] string Silo,
    [property: Id(2)] LogLevel Level,
    [property: Id(3)] string Event,
    [property: Id(4)] string Message,
    [property: Id(5)] string? Error = null)
{
    /// <summary>The trace that it was said in, of a round, a request, or the whole run; null without one.</summary>
    [Id(8)] public string? TraceId { get; init; }

    /// <summary>The file of the run's log that has it; with <see cref="End"/> it tells the line from every other.</summary>
    [Id(6)] public string File { get; init; } = "";

    /// <summary>Where the line ends in its file, bytes.</summary>
    [Id(7)] public long End { get; init; }
}
