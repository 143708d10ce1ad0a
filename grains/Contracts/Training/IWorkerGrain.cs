namespace FlowGrain.Training;

/// <summary>One device slot at work for a run: leases shards, computes them on the slot's own thread, submits. Key: run/slot.</summary>
[Alias("flowgrain.training.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    /// <summary>Begins to lease and compute; an assignment of a newer epoch replaces the one before.</summary>
    [Alias("Begin"), ResponseTimeout(LongCall.Timeout)]
    Task Begin(WorkerAssignment assignment);

    /// <summary>Stops after the shards in hand; returns when the slot is free.</summary>
    [Alias("End"), ResponseTimeout(LongCall.Timeout)]
    Task End(Epoch epoch);
}

/// <summary>What a worker needs to compute any shard of a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Epoch">The run's epoch.</param>
/// <param name="Slot">Index of the device slot.</param>
/// <param name="FlowJson">The flow's spec as canonical JSON.</param>
/// <param name="Data">Where the rows come from.</param>
/// <param name="Noise">Deviation of the noise on training rows, in deviations of each column; 0 for none.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.WorkerAssignment")]
public sealed record WorkerAssignment(
    [property: Id(0)] string Run,
    [property: Id(1)] Epoch Epoch,
    [property: Id(2)] int Slot,
    [property: Id(3)] Block<byte> FlowJson,
    [property: Id(4)] TrainingRows Data,
    [property: Id(5)] double Noise);

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
    [property: Id(3)] double TestFraction);
