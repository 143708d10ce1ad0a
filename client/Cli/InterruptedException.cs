namespace FlowGrain.Cli;

/// <summary>The user stopped the command with Ctrl+C or SIGTERM.</summary>
/// <param name="sentence">What was kept.</param>
internal sealed class InterruptedException(string sentence) : Exception(sentence);
