using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowGrain.Data;

/// <summary>What a data set is: its source, columns, counts and blocks. Written as manifest.json beside the blocks.</summary>
/// <param name="Format">Version of this layout; 3, since whole numbers are stored as they are and categories as codes.</param>
/// <param name="Root">SHA-256 of everything here that identifies the data; no names of files, no times.</param>
/// <param name="Source">Name of the file it came from, without its folder.</param>
/// <param name="SourceBytes">Size of that file.</param>
/// <param name="SourceSha256">SHA-256 of that file's bytes.</param>
/// <param name="Missing">What was done with rows that lack a value.</param>
/// <param name="Rows">Rows kept.</param>
/// <param name="DroppedRows">Rows left out because a value was missing or not finite.</param>
/// <param name="Dimension">Columns to model; they come first in a row.</param>
/// <param name="ContextDimension">Columns to condition on; they come last.</param>
/// <param name="Columns">The columns in the order of a stored row.</param>
/// <param name="RowsPerBlock">Rows in every block but the last.</param>
/// <param name="Blocks">The blocks in the order of the rows.</param>
internal sealed record Manifest(
    int Format,
    string Root,
    string Source,
    long SourceBytes,
    string SourceSha256,
    MissingRows Missing,
    long Rows,
    long DroppedRows,
    int Dimension,
    int ContextDimension,
    ImmutableArray<ManifestColumn> Columns,
    int RowsPerBlock,
    ImmutableArray<ManifestBlock> Blocks)
{
    /// <summary>The first thousand of the rows left out; null where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<LeftOutRow>? LeftOut { get; init; }

    /// <summary>The name of the column that weighs the rows, which is none of the data set; null where each counts once.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Weights { get; init; }

    /// <summary>The version that this program writes and reads.</summary>
    internal const int CurrentFormat = 3;

    /// <summary>The file's name inside the data set's folder.</summary>
    internal const string FileName = "manifest.json";

    /// <summary>The same manifest with its root computed.</summary>
    internal Manifest Sealed() => this with { Root = ComputeRoot() };

    /// <summary>The hash that <see cref="Root"/> must be.</summary>
    internal string ComputeRoot() =>
        Convert.ToHexStringLower(SHA256.HashData((this with { Root = "", Source = "", SourceBytes = 0, LeftOut = LeftOut is { } rows ? [.. rows.Select(row => row with { File = null })] : null }).ToJson()));

    /// <summary>The JSON document, UTF-8.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, DataJson.Default.Manifest);

    /// <summary>Reads the JSON document.</summary>
    /// <exception cref="JsonException">It is damaged.</exception>
    internal static Manifest FromJson(byte[] json) =>
        JsonSerializer.Deserialize(json, DataJson.Default.Manifest) ?? throw new JsonException("The manifest is null.");
}

/// <summary>One stored column: a value x is stored as (float)((x − offset)/scale), which is exact for whole numbers, codes and multiples of a declared step where their range is moderate.</summary>
/// <param name="Name">Its name in the source.</param>
/// <param name="Offset">What is subtracted before the cast to float32.</param>
/// <param name="Scale">What is divided by.</param>
/// <param name="Min">Smallest value of the kept rows.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Mean">Their mean; 0 of a category.</param>
/// <param name="Deviation">Their standard deviation, by their count; 0 of a category.</param>
/// <param name="Quantiles">Their quantiles at <see cref="TableStatistics.Shares"/>, from a sample of 16,384.</param>
/// <param name="Distinct">Distinct values, exact up to 100,000 and estimated beyond; null beyond the first 64 columns.</param>
/// <param name="Missing">Rows, those left out included, in which it has no value.</param>
/// <param name="IsWhole">Whether every value is whole.</param>
/// <param name="Levels">The levels of a category, sorted, whose index is what is stored; null for numbers.</param>
internal sealed record ManifestColumn(
    string Name,
    double Offset,
    double Scale,
    double Min,
    double Max,
    double Mean,
    double Deviation,
    ImmutableArray<double> Quantiles,
    long? Distinct,
    long Missing,
    bool IsWhole,
    ImmutableArray<string>? Levels = null)
{
    /// <summary>Whether its values are dates, in days since 1970-01-01 UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsDate { get; init; }
}

/// <summary>One file of rows: little-endian float32, row-major, without a header; then 32 bits a row, its <see cref="RowKey"/>; then, where rows have weights, theirs as float32 in units of their mean.</summary>
/// <param name="File">Its name inside the data set's folder.</param>
/// <param name="Rows">Rows in it.</param>
/// <param name="XxHash">XxHash3 of its bytes, 64 bits as hex.</param>
internal sealed record ManifestBlock(string File, int Rows, string XxHash);
