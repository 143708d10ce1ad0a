namespace FlowGrain.Serving;

/// <summary>An alias names another version than who wanted to move it believed. The HTTP API answers 409.</summary>
/// <param name="sentence">What it names, and what to do.</param>
[GenerateSerializer, Alias("flowgrain.serving.AliasConflictException")]
public sealed class AliasConflictException(string sentence) : Exception(sentence);
