using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Data;

/// <summary>Which data sets give way to a new one, of three of which two have room.</summary>
public sealed class DatasetQuotaTests : IDisposable
{
    private const int Rows = 20_000; // 240,000 bytes of blocks

    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());
    private readonly NeededData _needed;
    private readonly DatasetStore _store;
    private readonly string _a;
    private readonly string _b;

    public DatasetQuotaTests()
    {
        _needed = new NeededData(Storage("500kB"));
        _store = Store("500kB");
        (_a, _b) = (Import("a"), Import("b"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_one_that_was_used_least_recently_gives_way()
    {
        var c = Import("c");
        Assert.Equal([_b, c], Stored());
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_b, Import("b")); // it is there, and used again
        Assert.Equal([_b, Import("d")], Stored());
    }

    [Fact]
    public void One_that_a_run_needs_is_kept_and_where_no_other_is_left_nothing_gives_way()
    {
        _needed.Need("m", 1, _a);
        var c = Import("c");
        Assert.Equal([_a, c], Stored());

        _needed.Need("n", 2, c);
        var refused = Assert.Throws<BadInputException>(() => Import("d"));
        Assert.Matches(
            "^'d.npy' takes 240.0 kB as a data set, for which Storage:DataQuota \\(500.0 kB\\) leaves no room: 48\\d.\\d kB of the rest are needed by '[mn]', '[mn]', which have not finished; raise it, or see 'flowgrain data list' for what can be deleted\\.$",
            refused.Message);
        Assert.Equal([_a, c], Stored());
        Assert.Empty(Directory.EnumerateDirectories(_folder.In("home/data"), ".*"));

        _needed.Release("m", 1);
        Assert.Equal([c, Import("d")], Stored());
    }

    [Fact]
    public void One_that_a_job_reads_is_kept_until_it_is_done()
    {
        using (_store.Use(_a)) Assert.Equal([_a, Import("c")], Stored());
        Import("d");
        Assert.DoesNotContain(Stored(), id => id == _a);
    }

    [Fact]
    public void One_whose_file_is_gone_or_changed_is_kept_for_it_could_not_be_imported_again()
    {
        File.Delete(_folder.In("a.npy"));
        var c = Import("c");
        Assert.Equal([_a, c], Stored());
        File.WriteAllText(_folder.In("c.npy"), "other");
        Assert.Contains("48", Assert.Throws<BadInputException>(() => Import("d")).Message.Split("kB were read from files that are gone or changed")[0]);
        Assert.Equal([_a, c], Stored());
    }

    [Fact]
    public void What_alone_exceeds_the_quota_is_refused_and_nothing_gives_way()
    {
        Assert.Matches("^'large.npy' takes 720.0 kB as a data set, .* leaves no room; raise it", Assert.Throws<BadInputException>(() => Import("large", 3 * Rows)).Message);
        Assert.Equal([_a, _b], Stored());
    }

    [Fact]
    public void Two_imports_at_once_count_each_other()
    {
        using var other = StagingFolder.Create(_folder.In("home/data"), _clock);
        other.Reserve(240_000);
        Assert.Equal([Import("c")], Stored()); // both gave way
    }

    [Fact]
    public void Without_a_quota_nothing_gives_way()
    {
        using var c = Store(quota: null).Import(Tables.All(Table("c", Rows)), null, Tables.Cancellation);
        Assert.Equal(3, Stored().Length);
    }

    [Fact]
    public void A_reader_that_comes_while_a_data_set_is_removed_finds_none()
    {
        var folder = _folder.In($"home/data/{_a}");
        using var alone = DatasetUse.ToRemove(folder)!;
        Assert.Null(_store.TryUse(_a));
        alone.Remove(folder);
        Assert.Null(_store.TryUse(_a));
        Assert.Contains("import its source file first", Assert.Throws<BadInputException>(() => _store.Use(_a)).Message);
    }

    /// <summary>By the time of their last use.</summary>
    private string[] Stored() =>
        [.. DatasetFolder.All(_folder.In("home/data")).OrderBy(DatasetUse.Last).Select(folder => Path.GetFileName(folder))];

    private string Import(string name, int rows = Rows)
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        using var imported = _store.Import(Tables.All(Table(name, rows)), null, Tables.Cancellation);
        using (_store.Use(imported.Id)) return imported.Id;
    }

    private string Table(string name, int rows) =>
        File.Exists(_folder.In($"{name}.npy")) ? _folder.In($"{name}.npy") : _folder.Write($"{name}.npy", Npy.Of(Tables.Normal(rows, 2, seed: name[0])));

    private IOptions<StorageOptions> Storage(string? quota) => Options.Create(new StorageOptions { Root = _folder.In("home"), DataQuota = quota });

    private DatasetStore Store(string? quota) =>
        new(_folder.In("home/data"), _clock, new DatasetQuota(Storage(quota), new NeededData(Storage(quota)), NullLogger<DatasetQuota>.Instance));
}
