namespace FlowGrain.Training;

/// <summary>The run is busy with another plan.</summary>
/// <param name="sentence">Which run, who holds it, and the ways out.</param>
[GenerateSerializer, Alias("flowgrain.training.RunConflictException")]
public sealed class RunConflictException(string sentence) : Exception(sentence);
