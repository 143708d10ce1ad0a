namespace FlowGrain.Cli;

/// <summary>The work failed for a reason that a sentence explains.</summary>
/// <param name="sentence">The sentence.</param>
internal sealed class FailedException(string sentence) : Exception(sentence);
