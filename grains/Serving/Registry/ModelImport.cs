using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Storage;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <summary>Takes archives into the registry.</summary>
internal sealed class ModelImport(ModelStore store, ModelEngines engines, IRunJournal journal, IOptions<StorageOptions> storage, TimeProvider clock)
{
    /// <summary>Takes one as the next version of a model, once it has passed its self-test; returns its number. One that is there already stays as it is.</summary>
    /// <exception cref="BadInputException">It is no archive of a model, or damaged, or fails its self-test; nothing was left behind.</exception>
    internal async Task<int> Run(string name, string path, CancellationToken cancellation = default)
    {
        RunName.Require(name);
        var home = Path.Combine(storage.Value.Models, name);
        try
        {
            using var folder = DiskSpace.Use(storage.Value.Models, () => StagingFolder.Create(home, clock));
            DiskSpace.Use(storage.Value.Models, () => ModelArchive.Unpack(path, folder));
            var model = Read(name, path, folder.Path);
            await engines.Test(model);
            cancellation.ThrowIfCancellationRequested();
            return await store.Number(name, async highest =>
                Same(model) ?? Take(name, folder, Math.Max(highest, (await journal.Newest(name))?.Version ?? 0) + 1), cancellation); // a run that has not finished has its number already
        }
        finally
        {
            if (Directory.Exists(home) && !Directory.EnumerateFileSystemEntries(home).Any()) Directory.Delete(home);
        }
    }

    private int Take(string name, StagingFolder folder, int version)
    {
        while (true)
        {
            DiskSpace.Use(storage.Value.Models, () => ModelFolder.Retitle(folder, name, version));
            if (store.TryTake(name, version, folder)) return version;
            version++; // a silo of an earlier version of the program took the number without asking
        }
    }

    private static StoredModel Read(string name, string path, string folder)
    {
        try
        {
            var (flow, record, weights, reference) = ModelFolder.ReadAll(folder);
            return RoundFiles.Fault(folder, record) is { } fault ? throw new InvalidDataException(fault)
                : new StoredModel(name, record.Result.Version, flow, record, weights) { Golden = ModelFolder.Golden(folder, flow, record), Reference = reference };
        }
        catch (InvalidDataException damaged)
        {
            throw new BadInputException($"'{Path.GetFileName(path)}' cannot be used: {damaged.Message}; export the model again.");
        }
    }

    /// <summary>The version with the flow and the weights of a model, whole; null where there is none.</summary>
    private int? Same(StoredModel model)
    {
        foreach (var version in store.Versions(model.Name))
            if (IsOf(model, version) && store.IsIntact(model.Name, version)) return version;
        return null;
    }

    private bool IsOf(StoredModel model, int version)
    {
        try
        {
            var (flow, record) = store.Describe(model.Name, version);
            return record.Result.WeightsSha256 == model.Record.Result.WeightsSha256 && FlowSpecJson.Write(flow).AsSpan().SequenceEqual(FlowSpecJson.Write(model.Flow));
        }
        catch (BadInputException)
        {
            return false; // a damaged one is no version to answer with, and hides no other
        }
    }
}
