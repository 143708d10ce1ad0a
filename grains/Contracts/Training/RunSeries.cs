using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace FlowGrain.Training;

/// <summary>How a run went, thinned to a thousand points however long it is: a value of each array a point, oldest first. It is kept with the run, and outlives the cluster.</summary>
/// <param name="Step">Steps made at the end of a point.</param>
/// <param name="Time">When that was, seconds since 1970.</param>
/// <param name="Rounds">Rounds of a point.</param>
/// <param name="Loss">Their mean negative log-likelihood, nats per row.</param>
/// <param name="LossMin">The least of one round.</param>
/// <param name="LossMax">The greatest of one round.</param>
/// <param name="LearningRate">Of its last round.</param>
/// <param name="RowsPerSecond">Training rows a second, validations and commits left out.</param>
/// <param name="GradientNorm">The greatest of its rounds, before clipping.</param>
/// <param name="Straggler">How many times the median shard the slowest one took, in the worst of its rounds.</param>
/// <param name="Validation">The validations, thinned likewise.</param>
/// <param name="Marks">What befell the run, the last few hundred.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RunSeries")]
public sealed record RunSeries(
    [property: Id(0)] ImmutableArray<long> Step,
    [property: Id(1)] ImmutableArray<double> Time,
    [property: Id(2)] ImmutableArray<int> Rounds,
    [property: Id(3)] ImmutableArray<double> Loss,
    [property: Id(4)] ImmutableArray<double> LossMin,
    [property: Id(5)] ImmutableArray<double> LossMax,
    [property: Id(6)] ImmutableArray<double> LearningRate,
    [property: Id(7)] ImmutableArray<double> RowsPerSecond,
    [property: Id(8)] ImmutableArray<double> GradientNorm,
    [property: Id(9)] ImmutableArray<double> Straggler,
    [property: Id(10)] ImmutableArray<ValidationMark> Validation,
    [property: Id(11)] ImmutableArray<RunMark> Marks)
{
    /// <summary>What the losses and validations are of; see <see cref="RunObjectives"/>.</summary>
    [Id(12)] public string Objective { get => field ?? RunObjectives.Likelihood; init; } = RunObjectives.Likelihood;

    /// <summary>The least learning rate of a round; empty, as are those below, where an earlier version kept it.</summary>
    [Id(13)] public ImmutableArray<double> LearningRateMin { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>The greatest.</summary>
    [Id(14)] public ImmutableArray<double> LearningRateMax { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Training rows a second in its slowest round.</summary>
    [Id(15)] public ImmutableArray<double> RowsPerSecondMin { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>In its fastest.</summary>
    [Id(16)] public ImmutableArray<double> RowsPerSecondMax { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>The least gradient norm of a round.</summary>
    [Id(17)] public ImmutableArray<double> GradientNormMin { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>The straggler ratio of its most even round.</summary>
    [Id(18)] public ImmutableArray<double> StragglerMin { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Of a run that has made no round.</summary>
    public static RunSeries Empty { get; } = new([], [], [], [], [], [], [], [], [], [], [], []);
}

/// <summary>A validation.</summary>
/// <param name="Step">The step that it followed.</param>
/// <param name="Time">When, seconds since 1970.</param>
/// <param name="Nats">Mean negative log-likelihood of the validation rows, nats per row.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.ValidationMark")]
public sealed record ValidationMark([property: Id(0)] long Step, [property: Id(1)] double Time, [property: Id(2), JsonPropertyName("nll")] double Nats);

/// <summary>Something that befell a run.</summary>
/// <param name="Step">The step that it was at.</param>
/// <param name="Time">When, seconds since 1970.</param>
/// <param name="Kind">What.</param>
/// <param name="Sentence">What, in words.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RunMark")]
public sealed record RunMark([property: Id(0)] long Step, [property: Id(1)] double Time, [property: Id(2)] MarkKind Kind, [property: Id(3)] string Sentence);

/// <summary>What can befall a run.</summary>
[GenerateSerializer, Alias("flowgrain.training.MarkKind")]
public enum MarkKind
{
    /// <summary>It began, or somebody had it go on.</summary>
    Started,

    /// <summary>Another activation went on with it: its silo was lost, or left.</summary>
    WentOn,

    /// <summary>A worker fell silent, and others compute what it had.</summary>
    WorkerLost,

    /// <summary>It works without a worker from then on.</summary>
    WorkerSetAside,

    /// <summary>It went back to its last commit.</summary>
    Reopened,

    /// <summary>Its ranges moved off a silo that left.</summary>
    Moved,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>Its model was published.</summary>
    Published,
}
