namespace FlowGrain.Serving;

/// <summary>A request waited longer than it allowed, and was dropped before it was computed. The HTTP API answers 504.</summary>
/// <param name="sentence">The sentence to show.</param>
[GenerateSerializer, Alias("flowgrain.serving.ExpiredException")]
public sealed class ExpiredException(string sentence) : Exception(sentence);
