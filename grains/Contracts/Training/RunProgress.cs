using System.Text.Json.Serialization;

namespace FlowGrain.Training;

/// <summary>A snapshot of a run.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Version">Version of the model it makes.</param>
/// <param name="Phase">What it is doing.</param>
/// <param name="Sequence">Grows with every change; see <see cref="IRunGrain.WaitForProgress"/>.</param>
/// <param name="Step">Optimizer steps committed; a round of H inner steps is H of them.</param>
/// <param name="Steps">Steps planned; 0 while <c>--minutes</c> has not fixed them.</param>
/// <param name="Epoch">Passes over the training rows so far, fractional.</param>
/// <param name="TrainNats">Mean loss of the last rounds: of the likelihood, nats per row in the units of the data; of another objective its own loss per row.</param>
/// <param name="ValidationNats">Last validation, in the same; NaN before the first.</param>
/// <param name="BestValidationNats">Best validation so far; NaN before the first.</param>
/// <param name="LearningRate">Of the last round.</param>
/// <param name="RowsPerSecond">Training rows a second, over the last seconds.</param>
/// <param name="Seconds">Since this activation started training; NaN where no activation here does.</param>
/// <param name="ResumedAtStep">The step this activation began with; null where none trains.</param>
/// <param name="Workers">Device slots at work.</param>
/// <param name="Failure">One sentence when <see cref="RunPhase.Failed"/>.</param>
/// <param name="FailedOnInput">Whether it failed on what it was given: plan, data, disk; the sentence says what to mend.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RunProgress")]
public sealed record RunProgress(
    [property: Id(0)] string Run,
    [property: Id(1)] int Version,
    [property: Id(2)] RunPhase Phase,
    [property: Id(3)] long Sequence,
    [property: Id(4)] long Step,
    [property: Id(5)] long Steps,
    [property: Id(6)] double Epoch,
    [property: Id(7), JsonPropertyName("trainNll")] double TrainNats, // in JSON a figure has the name that it has everywhere
    [property: Id(8), JsonPropertyName("validationNll")] double ValidationNats,
    [property: Id(9), JsonPropertyName("bestValidationNll")] double BestValidationNats,
    [property: Id(10)] double LearningRate,
    [property: Id(11)] double RowsPerSecond,
    [property: Id(12)] double Seconds,
    [property: Id(13)] long? ResumedAtStep,
    [property: Id(14)] int Workers,
    [property: Id(15)] string? Failure,
    [property: Id(16)] bool FailedOnInput = false)
{
    /// <summary>Why it has no slots to work on, as a sentence; null where it has.</summary>
    [Id(17)] public string? Waiting { get; init; }

    /// <summary>Which silo it works without, and why, as a sentence; null where it works on all.</summary>
    [Id(18)] public string? Without { get; init; }

    /// <summary>What a restart of Redis could lose of it, as a sentence; null where nothing.</summary>
    [Id(19)] public string? AtRisk { get; init; }

    /// <summary>By how much the checkpoints of all runs exceed Storage:CheckpointQuota, as a sentence; null where they do not.</summary>
    [Id(20)] public string? OverQuota { get; init; }

    /// <summary>What its data ask to be looked at, as a sentence; null where nothing.</summary>
    [Id(21)] public string? Advice { get; init; }

    /// <summary>What its losses and validations are of; see <see cref="RunObjectives"/>.</summary>
    [Id(22)] public string Objective { get => field ?? RunObjectives.Likelihood; init; } = RunObjectives.Likelihood;
}

/// <summary>What a run is doing.</summary>
[GenerateSerializer, Alias("flowgrain.training.RunPhase")]
public enum RunPhase
{
    /// <summary>No plan yet.</summary>
    Idle,

    /// <summary>Reading data, fitting the standardisation, building the flow.</summary>
    Preparing,

    /// <summary>Rounds.</summary>
    Training,

    /// <summary>Measuring the best weights and writing the model folder.</summary>
    Publishing,

    /// <summary>The model is published.</summary>
    Finished,

    /// <summary>Stopped on request; the same plan resumes it.</summary>
    Stopped,

    /// <summary>Failed; see the sentence. The same plan resumes it.</summary>
    Failed,
}

/// <summary>One point of a run's history.</summary>
/// <param name="Step">The step; in local and diloco rounds, the last one of the round.</param>
/// <param name="TrainNats">The mean negative log-likelihood, nats per row in the units of the data.</param>
/// <param name="ValidationNats">Validation after this step, nats per row; null where none was made.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.LossPoint")]
public sealed record LossPoint(
    [property: Id(0)] long Step,
    [property: Id(1)] double TrainNats,
    [property: Id(2)] double? ValidationNats);
