using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>A published model: its versions and what they are called. Key: the model's name.</summary>
/// <remarks>
/// Where a version is asked for it is a number or an alias; null means what the alias champion names, or else the newest that is not
/// known to fail its self-test. A change whose caller leaves before it is made is not made; from then on it is, and every silo hears of it.
/// </remarks>
[Alias("flowgrain.serving.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>Describes one version.</summary>
    /// <exception cref="BadInputException">No such model or version; the sentence lists what there is.</exception>
    [Alias("Describe")]
    Task<ModelDescription> Describe(string? version);

    /// <summary>The losses of the run that made a version, oldest first. They outlive the run.</summary>
    /// <exception cref="BadInputException">No such model or version, or its folder is damaged.</exception>
    [Alias("Losses")]
    Task<ImmutableArray<LossPoint>> Losses(string? version);

    /// <summary>The page of a version for people, Markdown.</summary>
    /// <exception cref="BadInputException">No such model or version, or its folder lacks the page.</exception>
    [Alias("Card")]
    Task<string> Card(string? version);

    /// <summary>Removes one version, or every version when null; an alias is no version here. Removing again what was removed does nothing.</summary>
    /// <param name="version">Its number; null for all.</param>
    /// <param name="by">Who asks, for the history; null for nobody in particular.</param>
    /// <param name="cancellation">Ends the wait; what was not removed by then stays.</param>
    /// <exception cref="BadInputException">There never was such a model or version, or an alias names it, or one of them: then all stay.</exception>
    [Alias("Delete")]
    Task Delete(int? version, string? by, CancellationToken cancellation = default);

    /// <summary>Its aliases, its traffic, and how they came about.</summary>
    /// <exception cref="NotFoundException">No such model.</exception>
    [Alias("Registration")]
    Task<ModelRegistration> Registration();

    /// <summary>
    /// Has an alias name a version. Every silo has loaded and tested the version before the alias moves, and answers with it when
    /// this returns; requests under way end with the version that they began with.
    /// </summary>
    /// <param name="alias">The alias.</param>
    /// <param name="version">A number, or another alias.</param>
    /// <param name="expected">The version that it is believed to name; 0 for none, null for whatever it names.</param>
    /// <param name="by">Who asks, for the history; null for nobody in particular.</param>
    /// <param name="cancellation">Calls it off as long as nothing has changed.</param>
    /// <exception cref="BadInputException">The alias cannot be one, there is no such version, or it fails its self-test; nothing has changed.</exception>
    /// <exception cref="AliasConflictException">The alias names another version than expected.</exception>
    [Alias("Point"), ResponseTimeout(LongCall.Timeout)]
    Task<ModelRegistration> Point(string alias, string version, int? expected, string? by, CancellationToken cancellation = default);

    /// <summary>Has an alias name what it named before, as <see cref="Point"/> does.</summary>
    /// <param name="alias">The alias.</param>
    /// <param name="from">The version that it names now; asking again after it was done does nothing.</param>
    /// <param name="by">Who asks, for the history; null for nobody in particular.</param>
    /// <param name="cancellation">Calls it off as long as nothing has changed.</param>
    /// <exception cref="BadInputException">It named nothing before, or that is gone or fails its self-test.</exception>
    /// <exception cref="AliasConflictException">The alias names another version than <paramref name="from"/>.</exception>
    [Alias("RollBack"), ResponseTimeout(LongCall.Timeout)]
    Task<ModelRegistration> RollBack(string alias, int from, string? by, CancellationToken cancellation = default);

    /// <summary>Removes an alias; removing one that is not there does nothing.</summary>
    /// <exception cref="BadInputException">Traffic goes to it.</exception>
    [Alias("RemoveAlias")]
    Task<ModelRegistration> RemoveAlias(string alias, string? by, CancellationToken cancellation = default);

    /// <summary>Sends a part of the requests to another alias than champion, or none of them when null.</summary>
    /// <exception cref="BadInputException">There is no such alias, or the part is not from 1 to 1000 of a thousand.</exception>
    [Alias("Route"), ResponseTimeout(LongCall.Timeout)]
    Task<ModelRegistration> Route(TrafficRule? rule, string? by, CancellationToken cancellation = default);

    /// <summary>Loads the model so that it answers requests, or unloads it so that it does not.</summary>
    /// <exception cref="BadInputException">There is no such model, or it fails its self-test.</exception>
    [Alias("Serve"), ResponseTimeout(LongCall.Timeout)]
    Task<ModelRegistration> Serve(bool isLoaded, string? by, CancellationToken cancellation = default);

    /// <summary>Writes a version as one archive, a zip of its folder.</summary>
    /// <param name="version">A number or an alias; null for the one that answers.</param>
    /// <param name="path">The file, as the silo sees it.</param>
    /// <exception cref="BadInputException">No such version, or the file cannot be written there.</exception>
    [Alias("Export"), ResponseTimeout(LongCall.Timeout)]
    Task Export(string? version, string path);

    /// <summary>Takes an archive as the model's next version, once it has passed its self-test. The same archive twice is one version.</summary>
    /// <param name="path">The file, as the silo sees it.</param>
    /// <param name="cancellation">Calls it off as long as nothing has changed.</param>
    /// <exception cref="BadInputException">It is no archive of a model, or damaged, or fails its self-test; nothing was left behind.</exception>
    [Alias("Import"), ResponseTimeout(LongCall.Timeout)]
    Task<ModelDescription> Import(string path, CancellationToken cancellation = default);
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

    /// <summary>The columns that hold dates, the context's included: rows and samples have days since 1970-01-01 UTC there.</summary>
    [Id(19)] public ImmutableArray<string> Dates { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>What its losses are of; see <see cref="FlowGrain.Training.RunObjectives"/>. The figures above are likelihoods always.</summary>
    [Id(20)] public string Objective { get => field ?? Training.RunObjectives.Likelihood; init; } = Training.RunObjectives.Likelihood;

    /// <summary>The aliases that name it, by name.</summary>
    [Id(17)] public ImmutableArray<string> Aliases { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>How it answers; null of a damaged one.</summary>
    [Id(18)] public ModelAbilities? Abilities { get; init; }

    /// <summary>What its latents are distributed as, such as <c>standard-normal</c>; empty of a damaged one.</summary>
    [Id(21)] public string Base { get => field ?? ""; init; } = "";

    /// <summary>Root of the data that it learned, which the data set has too; empty of one that was imported.</summary>
    [Id(22)] public string DataRoot { get => field ?? ""; init; } = "";

    /// <summary>Whether its model is unloaded: it answers no requests until it is loaded again.</summary>
    [Id(23)] public bool IsUnloaded { get; init; }

    /// <summary>The modelled columns that are angles: the range of each is its whole turn, whose ends are one place.</summary>
    [Id(24)] public ImmutableArray<string> Angles { get => field.IsDefault ? [] : field; init; } = [];
}

/// <summary>How a model answers, in words.</summary>
/// <param name="Density">How data go to the base: <c>one pass</c>, <c>a pass for each column</c> or <c>iterative</c>.</param>
/// <param name="Samples">How the base goes to data, in the same words.</param>
/// <param name="LogDensity">What log-densities are: <c>exact</c>, <c>numerical</c> (integrated, to an error that was measured), <c>estimate</c> or <c>lower bound</c>.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ModelAbilities")]
public sealed record ModelAbilities([property: Id(0)] string Density, [property: Id(1)] string Samples, [property: Id(2)] string LogDensity);

/// <summary>A column's extent.</summary>
/// <param name="Low">Where it begins, units of the data.</param>
/// <param name="High">Where it ends, units of the data.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ColumnRange")]
public sealed record ColumnRange([property: Id(0)] double Low, [property: Id(1)] double High);
