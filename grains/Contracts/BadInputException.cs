namespace FlowGrain;

/// <summary>
/// The user's input cannot be used. The message is one sentence: what was wrong, where (file, row, column, option),
/// and what to do. The command line prints it and exits with 2; the HTTP API answers 400 with it.
/// </summary>
/// <param name="sentence">The sentence to show.</param>
[GenerateSerializer, Alias("flowgrain.BadInputException")]
public class BadInputException(string sentence) : Exception(sentence);
