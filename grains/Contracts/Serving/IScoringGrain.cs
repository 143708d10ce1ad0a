using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowGrain.Data;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <summary>One bulk job over a file: scores to a file, with <see cref="ScoringPlan.Job"/> as key; or an evaluation, with any key.</summary>
[Alias("flowgrain.serving.IScoringGrain")]
public interface IScoringGrain : IGrainWithStringKey
{
    /// <summary>
    /// Scores every row of the file, in order, and writes the scores whole or not at all. Asking again while it is at work waits for
    /// the same work, and asking again after it was interrupted goes on where it stopped; it stops when nobody waits for it.
    /// </summary>
    /// <exception cref="BadInputException">The model, the file or the output cannot be used, or the silo may not read or write there.</exception>
    /// <exception cref="UnavailableException">Somebody unloaded the model. A job that has begun ends with it all the same.</exception>
    /// <exception cref="DiskFullException">There is no room for the scores; no output was written.</exception>
    [Alias("Score"), ResponseTimeout(LongCall.Timeout), AlwaysInterleave]
    Task<ScoringResult> Score(ScoringPlan plan, CancellationToken cancellation = default);

    /// <summary>Measures a model on the rows of a file.</summary>
    /// <exception cref="BadInputException">The model or the file cannot be used, or the silo may not read it.</exception>
    /// <exception cref="UnavailableException">Somebody unloaded the model.</exception>
    [Alias("Evaluate"), ResponseTimeout(LongCall.Timeout)]
    Task<EvaluationReport> Evaluate(EvaluationPlan plan, CancellationToken cancellation = default);

    /// <summary>How far the job is; null while it is not at work, and before its first rows. Cheap: answers from memory.</summary>
    [Alias("Reading"), AlwaysInterleave]
    Task<ReadingProgress?> Reading();
}

/// <summary>What to score.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version; null means the champion, or the newest where there is none.</param>
/// <param name="Data">The file, as the silo sees it; columns are matched by name.</param>
/// <param name="Missing">What to do with rows that have a missing value: refuse, or score NaN and count (Drop).</param>
/// <param name="Output">A .csv, .parquet or .npy file to write: <c>row,log_prob</c> (and <c>z0</c>…); with a slash behind it, a folder of such files, one for every 262,144 rows; null writes none.</param>
/// <param name="Latent">Whether to write <c>z</c> too.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ScoringPlan")]
public sealed record ScoringPlan(
    [property: Id(0)] string Model,
    [property: Id(1)] int? Version,
    [property: Id(2)] string Data,
    [property: Id(3)] MissingRows Missing,
    [property: Id(4)] string? Output,
    [property: Id(5)] bool Latent)
{
    /// <summary>Columns of the file that go through to the output as they are, behind the scores.</summary>
    [Id(6)] public ImmutableArray<string> Carry { get => field.IsDefault ? [] : field; init; } = [];

    /// <summary>Draws of every row in the bin that its spread values stand for, whose mean density estimates the logarithm of the bin's probability; null for the density of one.</summary>
    [Id(7), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public int? DequantiseDraws { get; init; }

    /// <summary>The key of the grain that does it: the same for all who ask for the same.</summary>
    public string Job() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)))[..32];
}

/// <summary>What a scoring came to.</summary>
/// <param name="Rows">Rows scored.</param>
/// <param name="MeanLogProb">Mean log-density over finite scores, nats.</param>
/// <param name="NonFinite">Rows whose score is not finite: NaN where a value is missing, −∞ where the density is zero in float32.</param>
/// <param name="RowsPerSecond">Rows a second from the first read to the last written, without those of an earlier attempt.</param>
/// <param name="Seconds">That time.</param>
/// <param name="LeastLikely">The ten least likely rows, least likely first.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ScoringResult")]
public sealed record ScoringResult(
    [property: Id(0)] long Rows,
    [property: Id(1)] double MeanLogProb,
    [property: Id(2)] long NonFinite,
    [property: Id(3)] double RowsPerSecond,
    [property: Id(4)] double Seconds,
    [property: Id(5)] ImmutableArray<ScoredRow> LeastLikely)
{
    /// <summary>What its reader should look at, as a sentence; null where nothing is unusual.</summary>
    [Id(6)] public string? Warning { get; init; }

    /// <summary>Rows that an earlier attempt had scored.</summary>
    [Id(7)] public long ScoredBefore { get; init; }

    /// <summary>What its scores estimate, and from what, in the place of log-densities; null where they are those.</summary>
    [Id(8)] public string? Estimate { get; init; }
}

/// <summary>A row and its score.</summary>
/// <param name="Row">Row of the file, from 0, header not counted.</param>
/// <param name="LogProb">Its log-density, nats; −∞ where the density is zero in float32.</param>
/// <param name="Values">Its modelled columns, then the context.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ScoredRow")]
public sealed record ScoredRow([property: Id(0)] long Row, [property: Id(1)] double LogProb, [property: Id(2)] ImmutableArray<double> Values);

/// <summary>What to evaluate.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version; null means the champion, or the newest where there is none.</param>
/// <param name="Data">The file, as the silo sees it.</param>
/// <param name="Missing">What to do with rows that have a missing value.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.EvaluationPlan")]
public sealed record EvaluationPlan(
    [property: Id(0)] string Model,
    [property: Id(1)] int? Version,
    [property: Id(2)] string Data,
    [property: Id(3)] MissingRows Missing);

/// <summary>A model measured on a file.</summary>
/// <param name="Rows">Rows measured.</param>
/// <param name="Nll">Mean negative log-likelihood, nats per row in the units of the data.</param>
/// <param name="BitsPerDim">nll / (D ln 2) where every column is a dequantised integer, else null.</param>
/// <param name="GaussianNll">The Gaussian fitted on the model's training rows, on these rows.</param>
/// <param name="SlicedWasserstein">Sliced Wasserstein-1 distance between these rows (a fixed uniform sample of 10,000 where there are more) and as many samples of the model, in deviations of each column, 128 fixed directions.</param>
/// <param name="Calibration">Largest gap between the empirical distribution of each latent coordinate and the standard normal one (Kolmogorov–Smirnov), worst coordinate, over the same sample.</param>
/// <param name="RoundTripError">Largest |generate(normalize(x)) − x| in deviations of each column, over the same sample.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.EvaluationReport")]
public sealed record EvaluationReport(
    [property: Id(0)] long Rows,
    [property: Id(1)] double Nll,
    [property: Id(2)] double? BitsPerDim,
    [property: Id(3)] double GaussianNll,
    [property: Id(4)] double SlicedWasserstein,
    [property: Id(5)] double Calibration,
    [property: Id(6)] double RoundTripError)
{
    /// <summary>What its reader should look at, as a sentence; null where nothing is unusual.</summary>
    [Id(7)] public string? Warning { get; init; }
}
