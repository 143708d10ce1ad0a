using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using FlowGrain.Data;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <summary>One search for the anomalies of a file, beside held-out rows of a model. Key: <see cref="DetectionPlan.Job"/>.</summary>
[Alias("flowgrain.serving.IDetectionGrain")]
public interface IDetectionGrain : IGrainWithStringKey
{
    /// <summary>
    /// Judges every row of the file, in order, and writes the verdicts whole or not at all. Asking again while it is at work waits
    /// for the same work; it stops when nobody waits for it.
    /// </summary>
    /// <exception cref="BadInputException">The model, a file, the labels, the rate or the output cannot be used, or the silo may not read or write there.</exception>
    /// <exception cref="UnavailableException">Somebody unloaded the model.</exception>
    /// <exception cref="DiskFullException">There is no room for the verdicts; no output was written.</exception>
    [Alias("Detect"), ResponseTimeout(LongCall.Timeout), AlwaysInterleave]
    Task<DetectionResult> Detect(DetectionPlan plan, CancellationToken cancellation = default);

    /// <summary>How far the job is; null while it is not at work, and before its first rows. Cheap: answers from memory.</summary>
    [Alias("Reading"), AlwaysInterleave]
    Task<ReadingProgress?> Reading();
}

/// <summary>What makes a row unusual; of all of them higher is more anomalous.</summary>
[GenerateSerializer, Alias("flowgrain.serving.DetectionScore")]
public enum DetectionScore
{
    /// <summary>−log p: how unlikely the row is.</summary>
    [JsonStringEnumMemberName("log-prob")]
    LogProb,

    /// <summary>|log p − mean of the reference|: rows that are too likely are unusual as well.</summary>
    [JsonStringEnumMemberName("typicality")]
    Typicality,

    /// <summary>‖z‖²: how far from the middle of the base the row is mapped.</summary>
    [JsonStringEnumMemberName("latent-norm")]
    LatentNorm,
}

/// <summary>Where to look for anomalies.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version; null means the champion, or the newest where there is none.</param>
/// <param name="Data">The file, as the silo sees it; columns are matched by name.</param>
/// <param name="Missing">What to do with rows that have a missing value: refuse, or judge none of them and count (Drop).</param>
/// <param name="Output">A .csv, .parquet or .npy file to write: <c>row,log_prob,score,p_value,flagged</c>, the last empty where there is no score; null writes none.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.DetectionPlan")]
public sealed record DetectionPlan(
    [property: Id(0)] string Model,
    [property: Id(1)] int? Version,
    [property: Id(2)] string Data,
    [property: Id(3)] MissingRows Missing,
    [property: Id(4)] string? Output)
{
    /// <summary>The share of false alarms where neither rate nor threshold is given.</summary>
    public const double DefaultRate = 0.01;

    /// <summary>What is unusual.</summary>
    [Id(5)] public DetectionScore Score { get; init; }

    /// <summary>The share of the reference that may be flagged; null where a threshold is given, or for 0.01.</summary>
    [Id(6)] public double? Rate { get; init; }

    /// <summary>Rows with a higher score are flagged; null where a rate says it.</summary>
    [Id(7)] public double? Threshold { get; init; }

    /// <summary>A column that says which rows are anomalies, 1 or 0, or of an npz such an array; null without.</summary>
    [Id(8)] public string? Label { get; init; }

    /// <summary>A file whose rows are the reference; null for the rows that the model's run held out.</summary>
    [Id(9)] public string? Reference { get; init; }

    /// <summary>How many of the most anomalous rows are explained, at most 100.</summary>
    [Id(10)] public int Explain { get; init; }

    /// <summary>The key of the grain that does it: the same for all who ask for the same.</summary>
    public string Job() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this)))[..32];
}

/// <summary>What a search for anomalies came to.</summary>
/// <param name="Rows">Rows judged, those without a score among them.</param>
/// <param name="Flagged">Rows whose score is above the threshold.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="ReferenceRate">The share of the reference above it.</param>
/// <param name="ReferenceRows">Rows of the reference.</param>
/// <param name="Unscored">Rows without a score, since a value is missing or not finite: nobody can tell whether they are anomalies, and they count among neither.</param>
/// <param name="RowsPerSecond">Rows a second from the first read to the last written.</param>
/// <param name="Seconds">That time.</param>
/// <param name="Top">The most anomalous rows, ten or as many as are explained, the most anomalous first.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.DetectionResult")]
public sealed record DetectionResult(
    [property: Id(0)] long Rows,
    [property: Id(1)] long Flagged,
    [property: Id(2)] double Threshold,
    [property: Id(3)] double ReferenceRate,
    [property: Id(4)] int ReferenceRows,
    [property: Id(5)] long Unscored,
    [property: Id(6)] double RowsPerSecond,
    [property: Id(7)] double Seconds,
    [property: Id(8)] ImmutableArray<DetectedRow> Top)
{
    /// <summary>How the scores rank the labelled rows; null without labels, or where all have the same.</summary>
    [Id(9)] public RankingReport? Ranking { get; init; }

    /// <summary>What its reader should look at, as a sentence; null where nothing is unusual.</summary>
    [Id(10)] public string? Warning { get; init; }
}

/// <summary>How scores rank rows of which is known whether they are anomalies.</summary>
/// <param name="Anomalies">Rows labelled 1.</param>
/// <param name="Normals">Rows labelled 0.</param>
/// <param name="Auroc">The probability that an anomaly has a higher score than another row, a tie counting half.</param>
/// <param name="AveragePrecision">Σ (recall gained at a threshold) · (precision there), over all thresholds, ties at one of them.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.RankingReport")]
public sealed record RankingReport([property: Id(0)] long Anomalies, [property: Id(1)] long Normals, [property: Id(2)] double Auroc, [property: Id(3)] double AveragePrecision);

/// <summary>A row and what was found of it.</summary>
/// <param name="Row">Row of the file, from 0, header not counted.</param>
/// <param name="Score">How anomalous it is.</param>
/// <param name="LogProb">Its log-density, nats; −∞ where the density is zero in float32.</param>
/// <param name="PValue">(1 + reference rows that are as anomalous or more) / (rows of the reference + 1).</param>
/// <param name="Values">Its modelled columns, then the context.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.DetectedRow")]
public sealed record DetectedRow(
    [property: Id(0)] long Row,
    [property: Id(1)] double Score,
    [property: Id(2)] double LogProb,
    [property: Id(3)] double PValue,
    [property: Id(4)] ImmutableArray<double> Values)
{
    /// <summary>The modelled columns, the most surprising first; empty where it was not explained.</summary>
    [Id(5)] public ImmutableArray<ColumnShare> Columns { get; init; } = [];
}

/// <summary>What a column has to do with a row being an anomaly: its value beside what the other columns let expect.</summary>
/// <param name="Column">The column.</param>
/// <param name="LogProb">log p of its value given all other columns of the row, nats in its units; of a category the logarithm of a probability, and of whole numbers the density of x + u.</param>
/// <param name="Error">What that may be off by, nats; infinite where the points did not resolve the density.</param>
/// <param name="Surprise">How many nats less that is than such a value has on average, so that columns of any unit compare.</param>
/// <param name="Low">Where the middle 90% of the column begin, given the others; of an angle from where they reach round to the other end, and NaN of a category.</param>
/// <param name="High">Where they end.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.ColumnShare")]
public sealed record ColumnShare(
    [property: Id(0)] string Column,
    [property: Id(1)] double LogProb,
    [property: Id(2)] double Error,
    [property: Id(3)] double Surprise,
    [property: Id(4)] double Low,
    [property: Id(5)] double High);
