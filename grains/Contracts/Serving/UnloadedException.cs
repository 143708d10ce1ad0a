namespace FlowGrain.Serving;

/// <summary>A model answers no requests because somebody unloaded it. The HTTP API answers 503.</summary>
/// <param name="sentence">Which, and how to load it.</param>
[GenerateSerializer, Alias("flowgrain.serving.UnloadedException")]
public sealed class UnloadedException(string sentence) : Exception(sentence);
