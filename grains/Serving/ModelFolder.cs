using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowGrain.Flows;
using FlowGrain.Storage;
using FlowGrain.Training;

namespace FlowGrain.Serving;

/// <summary>The files of one version: flow.json, model.safetensors, run.json with rounds.csv, epochs.csv and reference.npy, golden.json, and card.md.</summary>
/// <remarks>Whatever is wrong with a file is an <see cref="InvalidDataException"/> whose message is a clause that begins with its name.</remarks>
internal static class ModelFolder
{
    private const string FlowFile = "flow.json";
    private const string WeightsFile = "model.safetensors";
    internal const string RecordFile = "run.json";
    private const string CardFile = "card.md";
    private const string GoldenFile = "golden.json";

    /// <summary>Writes the files, each on disk when it returns.</summary>
    internal static void Write(StagingFolder folder, StoredModel model, IEnumerable<RoundLine> rounds)
    {
        var flow = FlowSpecJson.WriteIndented(model.Flow);
        var golden = model.Golden is { } rows ? JsonSerializer.SerializeToUtf8Bytes(rows, Json.Compact) : null;
        var record = ReferenceFile.Write(folder, RoundFiles.Write(folder, model.Record, rounds), model.Reference) with
        {
            FlowSha256 = Sha256(flow), GoldenSha256 = golden is null ? null : Sha256(golden),
        };
        Durable.WriteFile(folder.In(FlowFile), flow);
        if (golden is not null) Durable.WriteFile(folder.In(GoldenFile), golden);
        Durable.WriteFile(folder.In(RecordFile), JsonSerializer.SerializeToUtf8Bytes(record, Json.Indented));
        Durable.WriteFile(folder.In(CardFile), Encoding.UTF8.GetBytes(ModelCard.Write(model)));
        using var weights = folder.CreateFile(WeightsFile);
        Safetensors.Write(weights, model.Flow.Layout(), model.Weights);
        weights.Flush(flushToDisk: true);
    }

    /// <summary>Reads flow and record, which must belong together: the flow to its last letter, so that no column has another name.</summary>
    internal static (FlowSpec Flow, RunRecord Record) Describe(string folder)
    {
        var record = Read(folder, RecordFile, file => Json.Value<RunRecord>(file.ReadAllBytes()));
        if (record.Format != RunRecord.CurrentFormat)
            throw new InvalidDataException($"{RecordFile} has format {record.Format} and this program reads {RunRecord.CurrentFormat}");
        var (flow, sha256) = Read(folder, FlowFile, file => file.ReadAllBytes() is var bytes ? (FlowSpecJson.Read(bytes), Sha256(bytes)) : default);
        if (flow.Hash() != record.SpecHash) throw new InvalidDataException($"{FlowFile} is not the flow that {RecordFile} names");
        return record.FlowSha256 is null || record.FlowSha256 == sha256 ? (flow, record) : throw Another(FlowFile);
    }

    /// <summary>Reads everything and verifies the weights and the reference, which models of earlier versions of the program lack.</summary>
    internal static (FlowSpec Flow, RunRecord Record, float[] Weights, Reference? Reference) ReadAll(string folder)
    {
        var (flow, record) = Describe(folder);
        var weights = Read(folder, WeightsFile, file => Safetensors.Read(file, flow.Layout()));
        RequireWeights(record, ModelStore.Sha256(weights));
        return (flow, record, weights, ReferenceOf(folder, record));
    }

    /// <summary>Verifies all that <see cref="ReadAll"/> does and the rows of the self-test, without holding the weights; returns the record.</summary>
    internal static RunRecord Verify(string folder)
    {
        var (flow, record) = Describe(folder);
        RequireWeights(record, Read(folder, WeightsFile, file => Safetensors.Sha256(file, flow.Layout())));
        _ = ReferenceOf(folder, record);
        _ = Golden(folder, flow, record);
        return record;
    }

    /// <summary>Reads the rows of its self-test; null where it was published without. Models of earlier versions of the program do not say whether they have some.</summary>
    internal static GoldenRows? Golden(string folder, FlowSpec flow, RunRecord record)
    {
        if (record.GoldenSha256 is null && !File.Exists(Path.Combine(folder, GoldenFile))) return null;
        var (golden, sha256) = Read(folder, GoldenFile, file => file.ReadAllBytes() is var bytes ? (Json.Value<GoldenRows>(bytes), Sha256(bytes)) : default);
        if (record.GoldenSha256 is { } named && named != sha256) throw Another(GoldenFile);
        var (numbers, rows, width) = (golden.Rows?.Length ?? 0, golden.LogDensity?.Length ?? 0, flow.Columns.Length + flow.Context.Length); // either may be left out of a damaged one
        return rows > 0 && numbers == rows * width ? golden : throw new InvalidDataException($"{GoldenFile} has {numbers} numbers for {rows} rows of {width}");
    }

    /// <summary>Whether the page for people is there; no reading needs it.</summary>
    internal static bool HasCard(string folder) => File.Exists(Path.Combine(folder, CardFile));

    /// <summary>Has the page for people of a folder that came from elsewhere say what the version is called here.</summary>
    internal static void Retitle(StagingFolder folder, string name, int version)
    {
        var path = folder.In(CardFile);
        if (!File.Exists(path)) return;
        var card = File.ReadAllText(path);
        if (!card.StartsWith("# ", StringComparison.Ordinal) || !card.Contains('\n')) return; // somebody's own
        File.Delete(path);
        Durable.WriteFile(path, Encoding.UTF8.GetBytes($"{ModelCard.Title(name, version)}{card[card.IndexOf('\n')..]}"));
    }

    /// <summary>Reads the page for people.</summary>
    internal static string Card(string folder) => Read(folder, CardFile, file => Encoding.UTF8.GetString(file.ReadAllBytes()));

    private static Reference? ReferenceOf(string folder, RunRecord record) =>
        record.Reference is { } named ? Read(folder, ReferenceFile.Name, file => ReferenceFile.Read(file.ReadAllBytes(), named)) : null;

    private static void RequireWeights(RunRecord record, string sha256)
    {
        if (sha256 != record.Result.WeightsSha256) throw new InvalidDataException($"the weights in {WeightsFile} do not have the checksum that {RecordFile} names");
    }

    private static T Read<T>(string folder, string name, Func<FileStream, T> read)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, name));
            return read(file);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"{name} is missing", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new InvalidDataException($"{name} may not be read by this user", error);
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or ArgumentException or NotSupportedException or IOException)
        {
            throw new InvalidDataException($"{name} is damaged{Reason(error)}", error);
        }
    }

    /// <summary>What we found wrong ourselves; the words of a JSON parser help nobody.</summary>
    private static string Reason(Exception error) => error is JsonException || error.InnerException is not null
        ? ""
        : $" ({char.ToLowerInvariant(error.Message[0])}{error.Message[1..].TrimEnd('.')})";

    private static InvalidDataException Another(string file) => new($"{file} is not the file that {RecordFile} names: its SHA-256 is another");

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] ReadAllBytes(this FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
