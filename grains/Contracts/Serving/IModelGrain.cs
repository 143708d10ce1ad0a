using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>A published model: its versions. Key: the model's name.</summary>
[Alias("flowgrain.serving.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Describes one version; null means the newest.</summary>
    /// <exception cref="BadInputException">No such model or version; the sentence lists what there is.</exception>
    [Alias("Describe")]
    Task<ModelDescription> Describe(int? version);

    /// <summary>The losses of the run that made a version, oldest first; null means the newest version. They outlive the run.</summary>
    /// <exception cref="BadInputException">No such model or version, or its folder is damaged.</exception>
    [Alias("Losses")]
    Task<ImmutableArray<LossPoint>> Losses(int? version);

    /// <summary>Removes one version, or every version when null.</summary>
    /// <exception cref="BadInputException">No such model or version.</exception>
    [Alias("Delete")]
    Task Delete(int? version);
}

/// <summary>One version of a model.</summary>
/// <param name="Name">The model.</param>
/// <param name="Version">The version.</param>
/// <param name="Preset">The preset it was built from.</param>
/// <param name="Columns">Modelled columns, in order.</param>
/// <param name="Context">Columns conditioned on, in order.</param>
/// <param name="Parameters">Trainable parameters.</param>
/// <param name="TrainNll">Nats per row on training rows.</param>
/// <param name="ValidationNll">Nats per row on validation rows.</param>
/// <param name="GaussianNll">The Gaussian beside it, on the same validation rows.</param>
/// <param name="RoundTripError">Largest |generate(normalize(x)) − x| over validation rows, in deviations of each column.</param>
/// <param name="WeightsSha256">SHA-256 of the parameter buffer.</param>
/// <param name="Path">The model's folder.</param>
/// <param name="Ranges">For each modelled column the 0.1% and 99.9% quantiles of the training rows: what a picture should show.</param>
/// <param name="ContextRanges">For each context column the mean of the training rows and three of its deviations to either side, which holds nearly all of them.</param>
/// <param name="Damage">What is wrong with its folder and what to do, as a sentence; nothing but name, version and path is known then. Null when it can be used.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ModelDescription")]
public sealed record ModelDescription(
    [property: Id(0)] string Name,
    [property: Id(1)] int Version,
    [property: Id(2)] string Preset,
    [property: Id(3)] ImmutableArray<string> Columns,
    [property: Id(4)] ImmutableArray<string> Context,
    [property: Id(5)] int Parameters,
    [property: Id(6)] double TrainNll,
    [property: Id(7)] double ValidationNll,
    [property: Id(8)] double GaussianNll,
    [property: Id(9)] double RoundTripError,
    [property: Id(10)] string WeightsSha256,
    [property: Id(11)] string Path,
    [property: Id(12)] ImmutableArray<ColumnRange> Ranges,
    [property: Id(14)] ImmutableArray<ColumnRange> ContextRanges,
    [property: Id(13)] string? Damage = null)
{
    /// <summary>The levels of the columns that are categories, by name: rows and samples have the index of a level there.</summary>
    [Id(15)] public ImmutableDictionary<string, ImmutableArray<string>> Levels { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The modelled columns whose values are whole numbers.</summary>
    [Id(16)] public ImmutableArray<string> Whole { get; init; } = [];
}

/// <summary>A column's extent.</summary>
/// <param name="Low">Where it begins, units of the data.</param>
/// <param name="High">Where it ends, units of the data.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ColumnRange")]
public sealed record ColumnRange([property: Id(0)] double Low, [property: Id(1)] double High);
