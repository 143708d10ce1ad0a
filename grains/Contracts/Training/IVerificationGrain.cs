using FlowGrain.Data;

namespace FlowGrain.Training;

/// <summary>One replay of a published run, to see whether the same bits come out. Key: an id that the caller makes.</summary>
[Alias("flowgrain.training.IVerificationGrain")]
public interface IVerificationGrain : IGrainWithStringKey
{
    /// <summary>Makes rounds of a run again, from its first, and compares them with its record. Repeating it does the same again.</summary>
    /// <exception cref="BadInputException">There is no such model, its data set is gone, or this machine computes in another device class.</exception>
    [Alias("Verify"), ResponseTimeout(LongCall.Timeout)]
    Task<VerificationReport> Verify(VerificationPlan plan, CancellationToken cancellation = default);

    /// <summary>How far it is, by the training rows of the rounds; null before the first. Cheap: answers from memory.</summary>
    [Alias("Reading"), Orleans.Concurrency.AlwaysInterleave]
    Task<ReadingProgress?> Reading();
}

/// <summary>What to replay.</summary>
/// <param name="Model">The run, which is its model's name too.</param>
/// <param name="Version">Its version; null means the champion, or the newest where there is none.</param>
/// <param name="Rounds">How many rounds, from the first; null means all, and then the published weights are compared too.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.VerificationPlan")]
public sealed record VerificationPlan([property: Id(0)] string Model, [property: Id(1)] int? Version, [property: Id(2)] long? Rounds);

/// <summary>What a replay came to.</summary>
/// <param name="Model">The model.</param>
/// <param name="Version">Its version.</param>
/// <param name="Rounds">Rounds replayed; the last of them is the one that differs where one does.</param>
/// <param name="Recorded">Rounds of the record.</param>
/// <param name="Equal">Whether they came to what the record says, bit for bit, and the record is undamaged.</param>
/// <param name="FirstDifferent">The first round that did not, from 1; null when all did.</param>
/// <param name="Finding">What is not equal, as a sentence; null when all is.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.training.VerificationReport")]
public sealed record VerificationReport(
    [property: Id(0)] string Model,
    [property: Id(1)] int Version,
    [property: Id(2)] long Rounds,
    [property: Id(3)] long Recorded,
    [property: Id(4)] bool Equal,
    [property: Id(5)] long? FirstDifferent,
    [property: Id(6)] string? Finding);
