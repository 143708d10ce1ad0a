using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>
/// One device slot at work for a run: leases shards, computes them on the slot's own thread, submits. It lives on the silo
/// that its key names. Key: run/silo/slot.
/// </summary>
[Alias("flowgrain.training.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Begins to lease and compute; an assignment of a newer epoch replaces the one before.</summary>
    [Alias("Begin"), ResponseTimeout(LongCall.Repeatable)]
    Task Begin(WorkerAssignment assignment);

    /// <summary>Submits what the silo has summed of a round, though shards of it are still being computed here.</summary>
    [Alias("Flush"), Orleans.Concurrency.AlwaysInterleave]
    Task Flush(Epoch epoch, long round);

    /// <summary>Stops after the shards in hand; returns when the slot is free.</summary>
    [Alias("End"), ResponseTimeout(LongCall.Repeatable)]
    Task End(Epoch epoch);
}

/// <summary>What a worker needs to compute any shard of a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Epoch">The run's epoch.</param>
/// <param name="FlowJson">The flow's spec as canonical JSON.</param>
/// <param name="Data">Where the rows come from.</param>
/// <param name="Shards">Shards of a round.</param>
/// <param name="Ranges">Slices of the parameter vector, one an aggregator.</param>
/// <param name="Noise">The noise on training rows; null for none.</param>
/// <param name="Inner">How a worker steps on its own between two rounds; null in sync rounds.</param>
/// <param name="SpecHash">Hash of the flow; a worker that reads another one from its JSON is of another version of the program.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.WorkerAssignment")]
public sealed record WorkerAssignment(
    [property: Id(0)] string Run,
    [property: Id(1)] Epoch Epoch,
    [property: Id(2)] Block<byte> FlowJson,
    [property: Id(3)] TrainingRows Data,
    [property: Id(4)] int Shards,
    [property: Id(5)] ImmutableArray<ParameterRange> Ranges,
    [property: Id(6)] NoiseScale? Noise,
    [property: Id(7)] InnerSteps? Inner,
    [property: Id(8)] string SpecHash)
{
    /// <summary>The span of the whole run, for what a silo logs of it; null where nobody traces.</summary>
    [Id(9)] public string? TraceParent { get; init; }
}

/// <summary>How wide the noise on training rows is.</summary>
/// <param name="Deviations">The largest deviation, in deviations of each column.</param>
/// <param name="Share">The deviation of a row as a share of the distance to its nearest neighbour, up to the largest; 0: the largest for all.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.NoiseScale")]
public sealed record NoiseScale([property: Id(0)] double Deviations, [property: Id(1)] double Share);

/// <summary>The steps that a worker makes on its own between two rounds.</summary>
/// <param name="Steps">H.</param>
/// <param name="AveragesMoments">Whether AdamW begins with the averaged moments; else with zero.</param>
/// <param name="Peak">Peak learning rate.</param>
/// <param name="WarmupSteps">Steps of the warm-up.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="ClipNorm">Largest norm of the mean gradient a row.</param>
/// <param name="WeightDecay">λ of AdamW.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.InnerSteps")]
public sealed record InnerSteps(
    [property: Id(0)] int Steps,
    [property: Id(1)] bool AveragesMoments,
    [property: Id(2)] double Peak,
    [property: Id(3)] long WarmupSteps,
    [property: Id(4)] long TotalSteps,
    [property: Id(5)] double ClipNorm,
    [property: Id(6)] double WeightDecay);

/// <summary>The rows of a run: which data set, how it is split, in which order it is read.</summary>
/// <param name="Dataset">The data set's id.</param>
/// <param name="Seed">Seed of split and order.</param>
/// <param name="ValidationFraction">Share of the validation rows.</param>
/// <param name="TestFraction">Share of the test rows.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.TrainingRows")]
public sealed record TrainingRows(
    [property: Id(0)] string Dataset,
    [property: Id(1)] long Seed,
    [property: Id(2)] double ValidationFraction,
    [property: Id(3)] double TestFraction)
{
    /// <summary>The rows that a plan takes of a data set.</summary>
    public static TrainingRows Of(string dataset, TrainingPlan plan) => new(dataset, plan.Seed, plan.Data.Validation is null ? plan.ValidationFraction : 0, plan.TestFraction);
}
