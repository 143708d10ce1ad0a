namespace FlowGrain.Client;

/// <summary>A silo did not answer, or not to the end, or not now: whether it did what it was asked is unknown, so it is asked again.</summary>
/// <param name="why">What came instead.</param>
/// <param name="cause">The fault below.</param>
internal sealed class NoAnswerException(string why, Exception? cause = null) : TimeoutException(why, cause) // which Repeated repeats
{
    /// <summary>How long it asks to be left alone first (Retry-After); null where it does not say.</summary>
    internal TimeSpan? After { get; init; }
}
