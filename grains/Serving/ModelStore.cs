using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <summary>
/// The registry: a folder <c>models/NAME/VERSION/</c> with <c>flow.json</c>, <c>model.safetensors</c>, <c>run.json</c> and
/// <c>card.md</c> for each version. A version is there whole or not at all, and verified when it is loaded.
/// </summary>
internal sealed class ModelStore(IOptions<StorageOptions> storage, TimeProvider clock)
{
    private const string FlowFile = "flow.json";
    private const string WeightsFile = "model.safetensors";
    private const string RecordFile = "run.json";
    private const string CardFile = "card.md";

    /// <summary>SHA-256 of a parameter buffer, little-endian float32.</summary>
    internal static string Sha256(ReadOnlySpan<float> weights) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(weights)));

    /// <summary>The folder of a version.</summary>
    internal string PathOf(string name, int version) => Path.Combine(storage.Value.Models, name, $"{version}");

    /// <summary>Publishes a version; publishing it again does nothing.</summary>
    internal void Publish(StoredModel model)
    {
        var target = PathOf(model.Name, model.Version);
        if (Directory.Exists(target)) return;
        using var folder = StagingFolder.Create(Path.GetDirectoryName(target)!, clock);
        Durable.WriteFile(folder.In(FlowFile), FlowSpecJson.WriteIndented(model.Flow));
        Durable.WriteFile(folder.In(RecordFile), JsonSerializer.SerializeToUtf8Bytes(model.Record, Json.Indented));
        Durable.WriteFile(folder.In(CardFile), Encoding.UTF8.GetBytes(ModelCard.Write(model)));
        using (var weights = folder.CreateFile(WeightsFile))
        {
            Safetensors.Write(weights, model.Flow.Layout(), model.Weights);
            weights.Flush(flushToDisk: true);
        }

        folder.Commit(target);
    }

    /// <summary>Names of all models.</summary>
    internal ImmutableArray<string> Names() => [.. Folders(storage.Value.Models).Where(name => Versions(name).Length > 0).Order(StringComparer.Ordinal)];

    /// <summary>Versions of a model, ascending.</summary>
    internal ImmutableArray<int> Versions(string name) =>
        !IsName(name) ? [] : [.. Folders(Path.Combine(storage.Value.Models, name)).Where(folder => int.TryParse(folder, out _)).Select(int.Parse).Order()];

    /// <summary>The version meant: the one given, or the newest.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    internal int Resolve(string name, int? version)
    {
        var versions = Versions(name);
        if (versions.IsEmpty) throw new BadInputException(NoModel(name));
        if (version is { } wanted && !versions.Contains(wanted))
            throw new BadInputException($"Model '{name}' has no version {wanted}; it has {string.Join(", ", versions)}.");
        return version ?? versions[^1];
    }

    /// <summary>Reads flow and record of a version, without its weights.</summary>
    /// <exception cref="BadInputException">A file is absent or damaged.</exception>
    internal (FlowSpec Flow, RunRecord Record) Describe(string name, int version) => (
        Reading(name, version, FlowFile, folder => FlowSpecJson.Read(File.ReadAllBytes(Path.Combine(folder, FlowFile)))),
        Reading(name, version, RecordFile, folder => Json.Value<RunRecord>(File.ReadAllBytes(Path.Combine(folder, RecordFile)))));

    /// <summary>Reads a version and verifies its weights.</summary>
    /// <exception cref="BadInputException">There is no such version, or a file of it is damaged.</exception>
    internal StoredModel Load(string name, int version)
    {
        var (flow, record) = Describe(name, version);
        var weights = Reading(name, version, WeightsFile, folder =>
        {
            using var file = File.OpenRead(Path.Combine(folder, WeightsFile));
            return Safetensors.Read(file, flow.Layout());
        });
        return Sha256(weights) == record.Result.WeightsSha256
            ? new StoredModel(name, version, flow, record, weights)
            : throw Damaged(name, version, WeightsFile, "its weights do not have the checksum that run.json says");
    }

    /// <summary>Removes a version, or all of them.</summary>
    /// <exception cref="BadInputException">The name is none that a model can have.</exception>
    internal void Delete(string name, int? version)
    {
        if (!IsName(name)) throw new BadInputException(NoModel(name));
        var folder = version is { } one ? PathOf(name, one) : Path.Combine(storage.Value.Models, name);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Whether the name stays inside the registry.</summary>
    private static bool IsName(string name) => name != "" && !name.StartsWith('.') && Path.GetFileName(name) == name;

    private string NoModel(string name)
    {
        var names = Names();
        return names.IsEmpty
            ? $"There is no model '{name}', and no other under '{storage.Value.Models}'; train one first."
            : $"There is no model '{name}'; there are {string.Join(", ", names)}.";
    }

    private T Reading<T>(string name, int version, string file, Func<string, T> read)
    {
        try
        {
            return read(PathOf(name, version));
        }
        catch (Exception error) when (error is IOException or InvalidDataException or JsonException or ArgumentException or UnauthorizedAccessException)
        {
            throw Damaged(name, version, file, error.Message);
        }
    }

    private static BadInputException Damaged(string name, int version, string file, string reason) =>
        new($"Model '{name}' version {version} cannot be used: {file}: {reason} Train it again, or restore its folder.");

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))
        : [];
}
