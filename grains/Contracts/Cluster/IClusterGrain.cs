using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Cluster;

/// <summary>The cluster's inventory. Key: 0.</summary>
[Alias("flowgrain.cluster.IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    /// <summary>Silos, device slots, and how much there is of the rest.</summary>
    [Alias("Overview")]
    Task<ClusterOverview> Overview();

    /// <summary>Every run, newest first.</summary>
    [Alias("Runs")]
    Task<ImmutableArray<RunListing>> Runs();

    /// <summary>The newest version of every model and those that aliases name, by name, newest first; one that is damaged says so and hides no other.</summary>
    [Alias("Models")]
    Task<ImmutableArray<ModelDescription>> Models();

    /// <summary>Every imported data set, newest first; one that is damaged says so and hides no other.</summary>
    [Alias("Datasets")]
    Task<ImmutableArray<DatasetListing>> Datasets();

    /// <summary>One of them, by its id or what that begins with.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    [Alias("Dataset")]
    Task<DatasetListing> Dataset(string id);

    /// <summary>Some rows of an imported data set, one at random from each of as many equal stretches of it: the same for the same seed.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    /// <exception cref="BadInputException">It is damaged, or the number of rows is not from 1 to <see cref="TableRows.MostRows"/>.</exception>
    [Alias("DatasetRows")]
    Task<TableRows> DatasetRows(string id, int rows, long seed);

    /// <summary>Removes an imported data set; the file that it came from stays.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    /// <exception cref="BadInputException">A run that has not finished needs it, or a job reads it.</exception>
    [Alias("DeleteDataset")]
    Task DeleteDataset(string id);

    /// <summary>What is taken of the storage, and what may be.</summary>
    [Alias("Storage")]
    Task<StorageUse> Storage();

    /// <summary>The round of a run that was traced last, over all silos; null where none was since they started. About one a second is.</summary>
    [Alias("Round")]
    Task<TracedRound?> Round(string run);

    /// <summary>Every preset with a sentence, its paper and its directions.</summary>
    [Alias("Presets")]
    Task<ImmutableArray<PresetDescription>> Presets();
}

/// <summary>What the cluster consists of.</summary>
/// <param name="Silos">Every live silo.</param>
/// <param name="Runs">Runs in the journal.</param>
/// <param name="Models">Published models.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.cluster.ClusterOverview")]
public sealed record ClusterOverview(
    [property: Id(0)] ImmutableArray<SiloDescription> Silos,
    [property: Id(1)] int Runs,
    [property: Id(2)] int Models);

/// <summary>What is taken of the storage, in bytes.</summary>
/// <param name="Data">By imported data sets.</param>
/// <param name="DataQuota">What they may take; null where there is no bound.</param>
/// <param name="Checkpoints">By the checkpoints of all runs.</param>
/// <param name="CheckpointQuota">What they may take; null where there is no bound.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.cluster.StorageUse")]
public sealed record StorageUse(
    [property: Id(0)] long Data,
    [property: Id(1)] long? DataQuota,
    [property: Id(2)] long Checkpoints,
    [property: Id(3)] long? CheckpointQuota);

/// <summary>One silo.</summary>
/// <param name="Address">Its Orleans address.</param>
/// <param name="Version">FlowGrain's version there.</param>
/// <param name="DeviceClasses">What it computes in: names of all that the bits depend on there.</param>
/// <param name="Slots">Worker slots.</param>
/// <param name="BusySlots">Slots that runs have, or that compute for another job right now.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.cluster.SiloDescription")]
public sealed record SiloDescription(
    [property: Id(0)] string Address,
    [property: Id(1)] string Version,
    [property: Id(2)] ImmutableArray<string> DeviceClasses,
    [property: Id(3)] int Slots,
    [property: Id(4)] int BusySlots)
{
    /// <summary>The run that has each slot, by the slot's index; null for one that no run has.</summary>
    [Id(5)] public ImmutableArray<string?> Holders { get => field.IsDefault ? [] : field; init; } = [];
}

/// <summary>One preset.</summary>
/// <param name="Name">What <c>--model</c> takes.</param>
/// <param name="Sentence">What it is good for.</param>
/// <param name="Paper">Where it comes from.</param>
/// <param name="Directions">Which directions are fast, exact or iterative.</param>
/// <param name="Engine">What computes it on this silo's processor: our own kernels, or TorchSharp op by op.</param>
/// <param name="Settings">What <c>--set</c> takes, with defaults.</param>
/// <param name="Meanings">What each setting is, in a phrase.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.cluster.PresetDescription")]
public sealed record PresetDescription(
    [property: Id(0)] string Name,
    [property: Id(1)] string Sentence,
    [property: Id(2)] string Paper,
    [property: Id(3)] string Directions,
    [property: Id(4)] string Engine,
    [property: Id(5)] ImmutableSortedDictionary<string, string> Settings,
    [property: Id(6)] ImmutableSortedDictionary<string, string> Meanings);
