using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FlowGrain.Api;
using FlowGrain.Data;
using FlowGrain.Tests.Grains;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Client;

/// <summary>Local files of every kind on silos that do not see them, and what an interruption costs.</summary>
public sealed class UploadingTests(OneSilo silo) : IClassFixture<OneSilo>, IDisposable
{
    private const int Blocks = 4;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("trips", "trips")]
    [InlineData("trips/*.csv", "trips/*.csv")]
    [InlineData("*/2024-0?.csv", "TEST/*/2024-0?.csv")]
    [InlineData("trips/2024-02.csv", "2024-02.csv")]
    [InlineData("named.sql", "named.sql")]
    [InlineData("all.sql", "all.sql")]
    public async Task A_folder_a_glob_and_a_query_with_its_files_are_the_same_data_there(string path, string name)
    {
        Directory.CreateDirectory(_folder.In("trips"));
        _folder.Write("trips/2024-01.csv", "a,b\n1,2\n3,5\n6,1\n2,2\n");
        _folder.Write("trips/2024-02.csv", "a,b\n7,2\n3,3\n6,4\n1,9\n");
        _folder.Write("named.sql", "SELECT a, b FROM 'trips/2024-01.csv'");
        _folder.Write("all.sql", "SELECT a, b FROM read_csv('trips/*.csv') ORDER BY a, b");
        var remote = await silo.Cluster.Locate(LocalSource.Of(_folder.In(path)), null, Cancellation);
        Assert.StartsWith(Path.Combine(silo.Root, "uploads"), remote);
        Assert.EndsWith($"/files/{name.Replace("TEST", Path.GetFileName(_folder.Path), StringComparison.Ordinal)}", remote);

        await using var embedded = await EmbeddedFixture.Start();
        var here = await embedded.Cluster.Grains.GetGrain<IDatasetGrain>(_folder.In(path)).Import(All(_folder.In(path)), Cancellation);
        var there = await silo.Cluster.Import(All(remote), null, Cancellation);
        Assert.Equal(here.Rows, there.Rows);
        if (path != "all.sql") Assert.Equal(here.Root, there.Root); // it counts all of its folder, and not all is uploaded
    }

    [Fact]
    public async Task A_query_that_reads_what_lies_elsewhere_is_refused_with_what_to_do()
    {
        Directory.CreateDirectory(_folder.In("queries"));
        _folder.Write("t.csv", "a,b\n1,2\n3,5\n");
        _folder.Write("queries/q.sql", "SELECT * FROM '../t.csv'");
        var refused = await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.Locate(LocalSource.Of(_folder.In("queries/q.sql")), null, Cancellation));
        Assert.Equal("'q.sql' reads '../t.csv', which lies outside of its folder and cannot be uploaded with it; put it beside 'q.sql'.", refused.Message);
    }

    [Fact]
    public async Task What_the_silos_see_already_is_not_uploaded()
    {
        var seen = Directory.CreateDirectory(Path.Combine(silo.Root, "seen")).FullName;
        await File.WriteAllTextAsync(Path.Combine(seen, "t.csv"), "a,b\n1,2\n", Cancellation);
        foreach (var path in new[] { seen, Path.Combine(seen, "*.csv"), Path.Combine(seen, "t.csv") })
            Assert.Equal(path, await silo.Cluster.Locate(LocalSource.Of(path), null, Cancellation));
        Assert.Equal(seen, await silo.Cluster.Locate(new LocalData(seen, "seen", []), null, Cancellation)); // of another machine
    }

    [Fact(Timeout = 120_000)]
    public async Task A_client_that_is_killed_has_sent_its_blocks_for_good()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var path = Large("killed.csv");
        using (var client = RealProcess.Start(RealProcess.Program("FlowGrain.Cli", "flowgrain.dll"), ["data", "inspect", path, "--cluster", $"{silo.Url}", "--home", _folder.In("home")]))
        {
            await client.Says("Uploading killed.csv", Cancellation); // after the first block
            await client.Kill();
        }

        var sent = new Reports();
        var remote = await silo.Cluster.Locate(LocalSource.Of(path), sent, Cancellation);
        Assert.InRange(sent.All.Count, 0, Blocks - 1);
        Assert.Equal(Hash(path), Hash(remote));
    }

    [Fact(Timeout = 120_000)]
    public async Task A_silo_that_is_killed_and_started_again_costs_the_block_in_flight()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var own = new OneSilo();
        await own.InitializeAsync();
        var (path, replaced) = (Large("silo.csv"), Task.CompletedTask);
        var sent = new Reports { At = count => replaced = count == 2 ? own.Replace() : replaced };
        var remote = await own.Cluster.Locate(LocalSource.Of(path), sent, Cancellation);
        await replaced;
        Assert.Equal(Blocks, sent.All.Count); // each once: those before stayed
        Assert.Equal(Hash(path), Hash(remote));
    }

    private static DataSelection All(string path) => new(path, [], [], MissingRows.Refuse);

    /// <summary>A table of some blocks.</summary>
    private string Large(string name)
    {
        var text = new StringBuilder("a,b\n");
        for (var row = 0; text.Length < (Blocks - 1) * UploadFile.BlockBytes + 1000; row++) text.Append(CultureInfo.InvariantCulture, $"{row},{name.Length * row % 1013}.5\n");
        return _folder.Write(name, text.ToString());
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private sealed class Reports : IProgress<ReadingProgress>
    {
        internal List<ReadingProgress> All { get; } = [];

        internal Action<int> At { get; init; } = _ => { };

        public void Report(ReadingProgress value)
        {
            All.Add(value);
            At(All.Count);
        }
    }
}
