using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Training;

namespace FlowGrain.Api;

/// <summary>What answers at <c>/api/v1</c>.</summary>
/// <param name="Name">flowgrain.</param>
/// <param name="Version">Its version.</param>
/// <param name="Role">What who asks may do: <c>operator</c>, everything, or <c>viewer</c>, look; null of a silo that does not tell.</param>
public sealed record ApiRoot(string Name, string Version, string? Role = null);

/// <summary>Every run, newest first.</summary>
/// <param name="Runs">A line each.</param>
public sealed record RunList(ImmutableArray<RunListing> Runs);

/// <summary>What a run came to.</summary>
/// <param name="Result">Null until it has finished.</param>
public sealed record RunOutcome(RunResult? Result);

/// <summary>Losses, oldest first.</summary>
/// <param name="Losses">The points.</param>
public sealed record LossList(ImmutableArray<LossPoint> Losses);

/// <summary>What was said of a run.</summary>
/// <param name="Lines">By their times.</param>
public sealed record RunLogList(ImmutableArray<RunLogLine> Lines);

/// <summary>The newest version of every model, and those that aliases name.</summary>
/// <param name="Models">By name.</param>
public sealed record ModelList(ImmutableArray<ModelDescription> Models);

/// <summary>What an alias shall name.</summary>
/// <param name="Version">A number, or another alias.</param>
/// <param name="Expected">The version that it is believed to name, 0 for none: where it names another, nothing changes. Null for whatever it names.</param>
public sealed record AliasOrder([property: JsonConverter(typeof(VersionWord))] string Version, int? Expected = null);

/// <summary>Every imported data set.</summary>
/// <param name="Datasets">Newest first.</param>
/// <param name="Bytes">What they take together.</param>
/// <param name="Quota">What they may take, Storage:DataQuota; null where there is no bound.</param>
public sealed record DatasetList(ImmutableArray<DatasetListing> Datasets, long Bytes, long? Quota);

/// <summary>Every preset.</summary>
/// <param name="Presets">A description each.</param>
public sealed record PresetList(ImmutableArray<PresetDescription> Presets);

/// <summary>Some rows of a data set.</summary>
/// <param name="Columns">The columns, modelled ones first.</param>
/// <param name="Rows">A value for each; a category has the index of its level.</param>
public sealed record RowList(ImmutableArray<string> Columns, ImmutableArray<ImmutableArray<double>> Rows)
{
    /// <summary>The same rows, each by itself.</summary>
    public static RowList Of(TableRows table) => new(table.Columns, [.. table.Rows.Span.ToArray().Chunk(table.Columns.Length).Select(row => ImmutableArray.Create(row))]);
}

/// <summary>What the layers of a flow make of draws.</summary>
/// <param name="Layers">The base, and what there is after each layer; the last is the data.</param>
public sealed record LayerList(ImmutableArray<LayerPoints> Layers);

/// <summary>Two coordinates of draws.</summary>
/// <param name="Name">The layer that they have come through.</param>
/// <param name="Points">x and y, the same draw at the same place in every layer.</param>
public sealed record LayerPoints(string Name, ImmutableArray<ImmutableArray<float>> Points)
{
    /// <summary>The same points, each by itself.</summary>
    public static LayerPoints Of(PushedLayer layer) => new(layer.Name, [.. layer.Points.Span.ToArray().Chunk(2).Select(point => ImmutableArray.Create(point))]);
}

/// <summary>A file or a folder that the silos see.</summary>
/// <param name="Path">Its full path there.</param>
/// <param name="Bytes">Its size; 0 of a folder.</param>
/// <param name="Modified">When it was last written, UTC.</param>
public sealed record SeenFile(string Path, long Bytes, DateTimeOffset Modified);

/// <summary>Files to upload.</summary>
/// <param name="Path">What jobs are to read of them, below the upload: a file, a folder, a glob.</param>
/// <param name="Files">The files.</param>
public sealed record UploadOrder(string Path, ImmutableArray<UploadFile> Files);

/// <summary>A file to upload.</summary>
/// <param name="Path">Its path below the upload, with <c>/</c>.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Blocks">SHA-256 of each of its blocks, in hexadecimal digits.</param>
public sealed record UploadFile(string Path, long Bytes, ImmutableArray<string> Blocks)
{
    /// <summary>What a block has, but the last of a file, which has the rest.</summary>
    public const int BlockBytes = 8 << 20;
}

/// <summary>How far an upload is.</summary>
/// <param name="Id">Its name: the same files have the same.</param>
/// <param name="Missing">SHA-256 of the blocks that are not there yet.</param>
/// <param name="Path">What jobs name to read it; null while blocks are missing.</param>
public sealed record UploadState(string Id, ImmutableArray<string> Missing, string? Path);

/// <summary>A bulk scoring.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version; null means the champion, or the newest where there is none.</param>
/// <param name="Data">The file, as the silos see it.</param>
/// <param name="Missing">Rows with a missing value: refuse the file, or score them NaN. Default refuse.</param>
/// <param name="Latent">Whether to write <c>z</c> too.</param>
/// <param name="Format">csv, parquet or npy: keeps the scores for a download; null keeps none.</param>
public sealed record ScoringOrder(string Model, int? Version, string Data, MissingRows Missing = MissingRows.Refuse, bool Latent = false, string? Format = null)
{
    /// <summary>Columns of the file that go through to the scores as they are.</summary>
    public ImmutableArray<string> Carry { get; init; } = [];

    /// <summary>Whether the scores are kept as a file for every 262,144 rows, rather than one file of all.</summary>
    public bool InParts { get; init; }

    /// <summary>Draws of every row in the bin that its spread values stand for, 1 to 1,024: their mean density estimates log P(bin); null scores the density of one.</summary>
    public int? DequantiseDraws { get; init; }
}

/// <summary>What a bulk scoring came to.</summary>
/// <param name="Result">The figures.</param>
/// <param name="Output">Name of the scores below <c>/api/v1/scorings/</c>, kept for a day; null when none were asked for.</param>
/// <param name="Version">The version that scored.</param>
public sealed record ScoringAnswer(ScoringResult Result, string? Output, int Version)
{
    /// <summary>Names of the part files below <see cref="Output"/>, in the order of the rows; none where the scores are one file.</summary>
    public ImmutableArray<string> Parts { get; init; } = [];
}

/// <summary>A search for anomalies.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="Version">Its version; null means the champion, or the newest where there is none.</param>
/// <param name="Data">The file, as the silos see it.</param>
/// <param name="Missing">Rows with a missing value: refuse the file, or judge none of them. Default refuse.</param>
/// <param name="Score">log-prob, typicality or latent-norm. Default log-prob.</param>
/// <param name="Rate">The share of the reference that may be flagged. Default 0.01.</param>
/// <param name="Threshold">Flags higher scores, in the place of a rate.</param>
/// <param name="Label">A column that says which rows are anomalies; null without.</param>
/// <param name="Reference">A file of usual rows, as the silos see it; null for those that the model's run held out.</param>
/// <param name="Explain">How many of the most anomalous rows are explained, at most 100.</param>
/// <param name="Format">csv, parquet or npy: keeps the verdicts for a download; null keeps none.</param>
public sealed record DetectionOrder(
    string Model, int? Version, string Data, MissingRows Missing = MissingRows.Refuse, DetectionScore Score = DetectionScore.LogProb, double? Rate = null,
    double? Threshold = null, string? Label = null, string? Reference = null, int Explain = 0, string? Format = null);

/// <summary>What a search for anomalies came to.</summary>
/// <param name="Result">The figures.</param>
/// <param name="Output">Name of the verdicts below <c>/api/v1/scorings/</c>, kept for a day; null when none were asked for.</param>
/// <param name="Version">The version that judged.</param>
public sealed record DetectionAnswer(DetectionResult Result, string? Output, int Version);
