using System.Collections.Immutable;
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
        _import = Import(_journal);
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
        Assert.Equal(2, await _import.Run("m", Archive(), TestContext.Current.CancellationToken));
        Assert.Equal([2], _store.Versions("m"));
    }

    [Fact]
    public async Task A_version_that_was_deleted_keeps_its_number()
    {
        Assert.Equal(1, await _import.Run("m", Archive(), TestContext.Current.CancellationToken));
        await _store.Delete("m", 1, by: null, TestContext.Current.CancellationToken);
        Assert.Equal(2, await _import.Run("m", Archive(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_run_that_begins_while_an_archive_takes_a_number_gets_the_next()
    {
        Task<RunEntry>? begun = null;
        var import = Import(new BegunMeanwhile(_journal, () => begun ??= _store.Number("m", highest => Task.FromResult(Begin(highest)), TestContext.Current.CancellationToken)));
        Assert.Equal(1, await import.Run("m", Archive(), TestContext.Current.CancellationToken));
        Assert.Equal(2, (await begun!).Version);

        RunEntry Begin(int highest) => _journal.FindOrAdd("m", new NewRun("hash", "{}", "nsf", 10, highest)).GetAwaiter().GetResult(); // at once where nothing holds it back
    }

    [Fact]
    public async Task An_archive_that_is_sent_again_before_the_first_answer_has_come_is_one_version()
    {
        var archive = Archive();
        var versions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _import.Run("m", archive), TestContext.Current.CancellationToken)));
        Assert.Equal([1, 1, 1, 1], versions);
        Assert.Equal([1], _store.Versions("m"));
    }

    [Fact]
    public async Task A_model_with_columns_of_other_names_is_another_version()
    {
        Assert.Equal(1, await _import.Run("m", Archive(), TestContext.Current.CancellationToken));
        var model = StoredModels.Gaussian("m");
        var spec = model.Flow with { Columns = ["width", "height"] };
        Assert.Equal(2, await _import.Run("m", Archive(StoredModels.Of("m", 1, spec, model.Weights), "renamed"), TestContext.Current.CancellationToken));
        Assert.Equal(["width", "height"], _store.Load("m", 2).Flow.Columns);
    }

    [Fact]
    public async Task Its_card_says_what_it_is_called_here()
    {
        await _journal.FindOrAdd("other", new NewRun("hash", "{}", "nsf", 10));
        Assert.Equal(2, await _import.Run("other", Archive(), TestContext.Current.CancellationToken));
        var (here, there) = (_store.Card("other", 2), StoredModels.In(_folder.In("archive")).Card("m", 1));
        Assert.Equal(there.Replace("# m, version 1\n", "# other, version 2\n"), here);
        Assert.True(_store.IsIntact("other", 2));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("no zip", "it is no zip file, or was cut or damaged")]
    public async Task What_is_no_zip_is_refused_in_words_for_people(string content, string reason)
    {
        var file = _folder.Write("a.zip", content);
        var refused = await Assert.ThrowsAsync<BadInputException>(() => _import.Run("m", file, TestContext.Current.CancellationToken));
        Assert.Equal($"'a.zip' is no archive of a model that can be used: {reason}; name one that 'flowgrain models export' wrote.", refused.Message);
    }

    private ModelImport Import(IRunJournal journal) => new(_store, _engines, journal, Options.Create(new StorageOptions { Root = _folder.In("home") }), TimeProvider.System);

    private string Archive() => Archive(StoredModels.Gaussian("m"), "archive");

    private string Archive(StoredModel model, string name)
    {
        var path = _folder.In($"{name}.zip");
        if (File.Exists(path)) return path;
        var elsewhere = StoredModels.In(_folder.In(name));
        elsewhere.Publish(model, []);
        ZipFile.CreateFromDirectory(elsewhere.PathOf("m", 1), path, CompressionLevel.NoCompression, includeBaseDirectory: false);
        return path;
    }

    /// <summary>A journal in which a run begins right after it was asked for the newest.</summary>
    private sealed class BegunMeanwhile(IRunJournal journal, Action begin) : IRunJournal
    {
        public async Task<RunEntry?> Newest(string run)
        {
            var newest = await journal.Newest(run);
            begin();
            return newest;
        }

        public Task<RunEntry> FindOrAdd(string run, NewRun plan) => journal.FindOrAdd(run, plan);

        public Task<RunEntry?> Version(string run, int version) => journal.Version(run, version);

        public Task<ImmutableArray<RunEntry>> All() => journal.All();

        public Task<Epoch> Claim(string run, int version, Epoch? holding = null, long after = 0) => journal.Claim(run, version, holding, after);

        public Task Note(string run, int version, Epoch epoch, RunNote note) => journal.Note(run, version, epoch, note);

        public Task<ImmutableArray<CommittedSnapshot>> Commit(string run, int version, Epoch epoch, CommittedSnapshot snapshot) => journal.Commit(run, version, epoch, snapshot);

        public Task Rewind(string run, int version, Epoch epoch, long round) => journal.Rewind(run, version, epoch, round);

        public Task<ImmutableArray<CommittedSnapshot>> Snapshots(string run, int version) => journal.Snapshots(run, version);

        public Task Delete(string run) => journal.Delete(run);
    }
}
