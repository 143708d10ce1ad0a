namespace FlowGrain.Training;

/// <summary>What is known of one version of a run.</summary>
/// <param name="Progress">Where it is.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Result">What it came to; null until it has finished.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.RunStanding")]
public sealed record RunStanding([property: Id(0)] RunProgress Progress, [property: Id(1)] TrainingPlan Plan, [property: Id(2)] RunResult? Result);
