using System.IO.Compression;
using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Training;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Serving.Registry;

public sealed class ModelImportTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly DeviceSlots _slots = new(Options.Create(new DevicesOptions { Cpu = 1 }));
    private readonly ModelEngines _engines;
    private readonly ModelStore _store;
    private readonly SqliteJournal _journal;
    private readonly ModelImport _import;

    public ModelImportTests()
    {
        var storage = Options.Create(new StorageOptions { Root = _folder.In("home") });
        _store = StoredModels.In(_folder.In("home"));
        _journal = new SqliteJournal(storage, TimeProvider.System);
        _engines = new ModelEngines(_store, _slots, Options.Create(new ServingOptions()), new ModelStatistics(), TimeProvider.System, NullLogger<ModelEngines>.Instance);
        _import = new ModelImport(_store, _engines, _journal, storage, TimeProvider.System);
    }

    public void Dispose()
    {
        _engines.Dispose();
        _journal.Dispose();
        _slots.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_that_has_not_finished_keeps_its_number()
    {
        await _journal.FindOrAdd("m", new NewRun("hash", "{}", "nsf", 10));
        Assert.Equal(2, await _import.Run("m", Archive()));
        Assert.Equal([2], _store.Versions("m"));
    }

    [Fact]
    public async Task A_version_that_was_deleted_keeps_its_number()
    {
        Assert.Equal(1, await _import.Run("m", Archive()));
        await _store.Delete("m", 1, TestContext.Current.CancellationToken);
        Assert.Equal(2, await _import.Run("m", Archive()));
    }

    private string Archive()
    {
        var path = _folder.In("archive.zip");
        if (File.Exists(path)) return path;
        var elsewhere = StoredModels.In(_folder.In("elsewhere"));
        elsewhere.Publish(StoredModels.Gaussian("m"), []);
        ZipFile.CreateFromDirectory(elsewhere.PathOf("m", 1), path, CompressionLevel.NoCompression, includeBaseDirectory: false);
        return path;
    }
}
