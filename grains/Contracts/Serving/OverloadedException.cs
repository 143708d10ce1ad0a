namespace FlowGrain.Serving;

/// <summary>A model has more rows waiting than it may hold; nothing of the request was computed. The HTTP API answers 429.</summary>
/// <param name="sentence">The sentence to show.</param>
[GenerateSerializer, Alias("flowgrain.serving.OverloadedException")]
public sealed class OverloadedException(string sentence) : Exception(sentence);
