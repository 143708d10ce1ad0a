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
        var record = ReferenceFile.Write(folder, RoundFiles.Write(folder, model.Record, rounds), model.Reference);
        Durable.WriteFile(folder.In(FlowFile), FlowSpecJson.WriteIndented(model.Flow));
        Durable.WriteFile(folder.In(RecordFile), JsonSerializer.SerializeToUtf8Bytes(record, Json.Indented));
        Durable.WriteFile(folder.In(CardFile), Encoding.UTF8.GetBytes(ModelCard.Write(model)));
        if (model.Golden is { } golden) Durable.WriteFile(folder.In(GoldenFile), JsonSerializer.SerializeToUtf8Bytes(golden, Json.Compact));
        using var weights = folder.CreateFile(WeightsFile);
        Safetensors.Write(weights, model.Flow.Layout(), model.Weights);
        weights.Flush(flushToDisk: true);
    }

    /// <summary>Reads flow and record, which must belong together.</summary>
    internal static (FlowSpec Flow, RunRecord Record) Describe(string folder)
    {
        var record = Read(folder, RecordFile, file => Json.Value<RunRecord>(file.ReadAllBytes()));
        if (record.Format != RunRecord.CurrentFormat)
            throw new InvalidDataException($"{RecordFile} has format {record.Format} and this program reads {RunRecord.CurrentFormat}");
        var flow = Read(folder, FlowFile, file => FlowSpecJson.Read(file.ReadAllBytes()));
        return flow.Hash() == record.SpecHash ? (flow, record) : throw new InvalidDataException($"{FlowFile} is not the flow that {RecordFile} names");
    }

    /// <summary>Reads everything and verifies the weights and the reference, which models of earlier versions of the program lack.</summary>
    internal static (FlowSpec Flow, RunRecord Record, float[] Weights, Reference? Reference) ReadAll(string folder)
    {
        var (flow, record) = Describe(folder);
        var weights = Read(folder, WeightsFile, file => Safetensors.Read(file, flow.Layout()));
        var reference = record.Reference is { } named ? Read(folder, ReferenceFile.Name, file => ReferenceFile.Read(file.ReadAllBytes(), named)) : null;
        return ModelStore.Sha256(weights) == record.Result.WeightsSha256
            ? (flow, record, weights, reference)
            : throw new InvalidDataException($"the weights in {WeightsFile} do not have the checksum that {RecordFile} names");
    }

    /// <summary>Reads the rows of its self-test; null where it was published without.</summary>
    internal static GoldenRows? Golden(string folder, FlowSpec flow)
    {
        if (!File.Exists(Path.Combine(folder, GoldenFile))) return null;
        var golden = Read(folder, GoldenFile, file => Json.Value<GoldenRows>(file.ReadAllBytes()));
        var (numbers, rows, width) = (golden.Rows?.Length ?? 0, golden.LogDensity?.Length ?? 0, flow.Columns.Length + flow.Context.Length); // either may be left out of a damaged one
        return rows > 0 && numbers == rows * width ? golden : throw new InvalidDataException($"{GoldenFile} has {numbers} numbers for {rows} rows of {width}");
    }

    /// <summary>Whether the page for people is there; no reading needs it.</summary>
    internal static bool HasCard(string folder) => File.Exists(Path.Combine(folder, CardFile));

    /// <summary>Reads the page for people.</summary>
    internal static string Card(string folder) => Read(folder, CardFile, file => Encoding.UTF8.GetString(file.ReadAllBytes()));

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

    private static byte[] ReadAllBytes(this FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
