namespace FlowGrain.Cluster;

/// <summary>A device slot of a silo: one shard is computed there at a time.</summary>
/// <param name="Silo">The silo's address, as Orleans writes it to be parsed.</param>
/// <param name="Index">Its place among the silo's slots.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.cluster.Slot")]
public readonly record struct Slot([property: Id(0)] string Silo, [property: Id(1)] int Index);
