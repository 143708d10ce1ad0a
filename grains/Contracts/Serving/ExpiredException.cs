namespace FlowGrain.Serving;

/// <summary>A request waited longer than it allowed, and was dropped before it was computed. The HTTP API answers 504.</summary>
/// <param name="sentence">The sentence to show.</param>
[GenerateSerializer, Alias("flowgrain.serving.ExpiredException")]
public sealed class ExpiredException(string sentence) : Exception(sentence)
{
    /// <summary>Of a request that waited so long, and allowed so much.</summary>
    public static ExpiredException After(TimeSpan waited, TimeSpan allowed) => new(string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"The request waited {waited.TotalMilliseconds:F1} ms for its batch, and of what it allowed {allowed.TotalMilliseconds:F1} ms were left; it was not computed: send it again, or with a longer timeout."));
}
