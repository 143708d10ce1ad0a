namespace FlowGrain.Serving;

/// <summary>A model that is there answers no requests: somebody unloaded it, it is damaged, or it fails its self-test. The HTTP API answers 503 without Retry-After.</summary>
/// <param name="sentence">Which, why, and what to do.</param>
[GenerateSerializer, Alias("flowgrain.serving.UnavailableException")]
public sealed class UnavailableException(string sentence) : Exception(sentence);
