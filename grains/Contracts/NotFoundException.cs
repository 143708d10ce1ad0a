namespace FlowGrain;

/// <summary>What the user named does not exist; the sentence says what does. The HTTP API answers 404 with it.</summary>
/// <param name="sentence">The sentence to show.</param>
[GenerateSerializer, Alias("flowgrain.NotFoundException")]
public sealed class NotFoundException(string sentence) : BadInputException(sentence);
