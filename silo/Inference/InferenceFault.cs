namespace FlowGrain.Silo.Inference;

/// <summary>A fault as the inference protocol has it.</summary>
/// <param name="Error">The sentence.</param>
internal sealed record InferenceFault(string Error);
