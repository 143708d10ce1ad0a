using System.Collections.Immutable;

namespace FlowGrain.Cluster;

/// <summary>
/// The device slots of all silos, and the runs that want them. Runs of a higher priority have all that they can use; those of
/// one priority share equally, the older ones first where there are more runs than slots. Key: 0.
/// </summary>
/// <remarks>It keeps nothing: runs ask again and again, and silos are asked. A slot that two runs believe to have for a moment computes for both.</remarks>
[Alias("flowgrain.cluster.ISlotsGrain")]
public interface ISlotsGrain : IGrainWithIntegerKey
{
    /// <summary>Waits until a run's slots are others than it knows, ten seconds at most; null means ask again. Who does not ask for half a minute gives its slots up.</summary>
    [Alias("Share"), Orleans.Concurrency.AlwaysInterleave]
    Task<SlotShare?> Share(SlotRequest request, long seen);

    /// <summary>Gives a run's slots up.</summary>
    [Alias("Release")]
    Task Release(string run);

    /// <summary>Takes the slots of a silo that is about to end out of the division. Repeating it does nothing.</summary>
    [Alias("Leave")]
    Task Leave(string silo);

    /// <summary>Every live silo, once each has said what it has; those of its slots are busy that runs have.</summary>
    [Alias("Silos"), Orleans.Concurrency.AlwaysInterleave]
    Task<ImmutableArray<SiloDescription>> Silos();
}

/// <summary>A run that wants slots.</summary>
/// <param name="Run">Its name.</param>
/// <param name="Priority">Higher goes first.</param>
/// <param name="Since">When its version began, ticks of UTC; earlier goes first.</param>
/// <param name="DeviceClass">What it computes in; only slots of silos that do so too are of use.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.cluster.SlotRequest")]
public sealed record SlotRequest([property: Id(0)] string Run, [property: Id(1)] int Priority, [property: Id(2)] long Since, [property: Id(3)] string DeviceClass);

/// <summary>The slots of a run.</summary>
/// <param name="Sequence">Grows with every change.</param>
/// <param name="Slots">The slots.</param>
/// <param name="Waiting">Why there are none, as a sentence; null where there are.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.cluster.SlotShare")]
public sealed record SlotShare([property: Id(0)] long Sequence, [property: Id(1)] ImmutableArray<Slot> Slots, [property: Id(2)] string? Waiting);
