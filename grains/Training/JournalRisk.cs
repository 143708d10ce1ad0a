namespace FlowGrain.Training;

/// <summary>What the journal could lose, as a sentence; null where it is as durable as a disk. Told by whoever connects to it.</summary>
internal sealed class JournalRisk
{
    internal string? Sentence { get; set; }
}
