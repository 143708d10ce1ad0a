namespace FlowGrain.Training;

/// <summary>
/// One activation's claim on a run. A later claim has a larger number; the nonce tells two activations apart that hold
/// the same number by mistake. Every message of a round carries it, and whoever holds an older one is refused.
/// </summary>
/// <param name="Number">Grows by one with each claim.</param>
/// <param name="Nonce">Random.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.Epoch")]
public readonly record struct Epoch([property: Id(0)] long Number, [property: Id(1)] Guid Nonce);

/// <summary>The caller holds an older epoch or round than the run: another activation has taken over, or the round is over.</summary>
/// <param name="sentence">Which.</param>
[GenerateSerializer, Alias("flowgrain.training.StaleEpochException")]
public sealed class StaleEpochException(string sentence) : Exception(sentence);

/// <summary>A range has no state: the silo that held it is gone. The run opens it again from its last snapshot.</summary>
/// <param name="sentence">Which range.</param>
[GenerateSerializer, Alias("flowgrain.training.RangeLostException")]
public sealed class RangeLostException(string sentence) : Exception(sentence);
