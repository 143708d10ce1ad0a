using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Silo;
using FlowGrain.Tests.Grains.Serving;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FlowGrain.Tests.Grains.Data;

/// <summary>What a client may make a silo read and write whose operator opened one folder to jobs.</summary>
public sealed class GrainBoundary : IAsyncLifetime
{
    private const string Table = "x0,x1\n-5,5\n-4,6\n-7,1\n";

    private readonly TempFolder _folder = new();
    private IHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Inside => _folder.In("open/t.csv");

    private string Outside => _folder.In("closed/t.csv");

    public async ValueTask InitializeAsync()
    {
        foreach (var file in new[] { Inside, Outside })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, Table);
        }

        StoredModels.In(_folder.In("home")).Publish(StoredModels.Gaussian("normal"), []);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([
            new($"{StorageOptions.Section}:Root", _folder.In("home")), new($"{DataOptions.Section}:Roots:0", _folder.In("open")), new($"{DevicesOptions.Section}:Cpu", "1")]);
        builder.UseOrleans(silo => silo.UseLocalhostClustering().WithoutNetwork().AddFlowGrain());
        _host = builder.Build();
        await _host.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_file_is_inspected_and_imported_inside_the_open_folders_alone()
    {
        Assert.Equal(3, (await Dataset(Inside).Inspect(Tables.All(Inside), Cancellation)).Rows);
        await RefusesToRead(() => Dataset(Outside).Inspect(Tables.All(Outside), Cancellation));
        await RefusesToRead(() => Dataset(Outside).Import(Tables.All(Outside), Cancellation));
        await RefusesToRead(() => Dataset(Inside).Import(Tables.All(_folder.In("open/../closed/t.csv")), Cancellation));
        Assert.Contains("'gone.csv' is not in", (await Assert.ThrowsAsync<BadInputException>(() => Dataset(_folder.In("open/gone.csv")).Inspect(Tables.All(_folder.In("open/gone.csv")), Cancellation))).Message);
        await Assert.ThrowsAsync<BadInputException>(() => Dataset("a\0b").Inspect(Tables.All("a\0b"), Cancellation));
    }

    [Fact]
    public async Task A_link_leads_nowhere_outside()
    {
        File.CreateSymbolicLink(_folder.In("open/link.csv"), Outside);
        await RefusesToRead(() => Dataset(_folder.In("open/link.csv")).Inspect(Tables.All(_folder.In("open/link.csv")), Cancellation));
        Directory.CreateSymbolicLink(_folder.In("open/sub"), _folder.In("closed"));
        await RefusesToWrite(_folder.In("open/sub/scores.csv"));
        Directory.CreateDirectory(_folder.In("closed/deep"));
        Directory.CreateSymbolicLink(_folder.In("open/deep"), "../closed/deep");
        await RefusesToRead(() => Score(_folder.In("open/deep/../t.csv"), null)); // the system goes up from where the link leads
        File.CreateSymbolicLink(_folder.In("open/up.csv"), "deep/../t.csv");
        await RefusesToRead(() => Score(_folder.In("open/up.csv"), null));
        File.CreateSymbolicLink(_folder.In("open/circle.csv"), "circle.csv");
        await Assert.ThrowsAsync<BadInputException>(() => Score(_folder.In("open/circle.csv"), null));
        File.CreateSymbolicLink(_folder.In("closed/back.csv"), "../open/t.csv");
        Assert.Equal(3, (await Score(_folder.In("closed/back.csv"), null)).Rows);
    }

    [Fact]
    public async Task Scores_are_written_into_the_open_folders_and_the_storage_root_alone()
    {
        foreach (var output in new[] { _folder.In("open/scores.csv"), _folder.In("home/scores.csv") })
        {
            await Score(Inside, output);
            Assert.True(File.Exists(output));
        }

        await RefusesToWrite(_folder.In("closed/scores.csv"));
        await RefusesToWrite(_folder.In("home/../scores.csv"));
        await RefusesToRead(() => Score(Outside, null));
        await RefusesToRead(() => Job().Evaluate(new EvaluationPlan("normal", null, Outside, default), Cancellation));
    }

    [Theory]
    [InlineData("open/t.csv")]
    [InlineData("open/../open/t.csv")]
    [InlineData("open/same.csv")] // a link to it
    [InlineData("again/t.csv")] // through a link to its folder
    public async Task Scores_never_take_the_place_of_the_file_that_is_scored(string output)
    {
        File.CreateSymbolicLink(_folder.In("open/same.csv"), "t.csv");
        Directory.CreateSymbolicLink(_folder.In("again"), "open");
        var error = await Assert.ThrowsAsync<BadInputException>(() => Score(Inside, _folder.In(output)));
        Assert.Equal($"'{Path.GetFileName(output)}' is the file that would be read, and writing it would destroy it; name another file to write.", error.Message);
        Assert.Equal(Table, await File.ReadAllTextAsync(Inside, Cancellation));
    }

    [Theory, InlineData("models/normal/1"), InlineData("data"), InlineData("runs/normal")]
    public async Task Scores_are_not_written_among_what_the_storage_keeps(string place)
    {
        Directory.CreateDirectory(_folder.In($"home/{place}"));
        Directory.CreateSymbolicLink(_folder.In("open/way"), _folder.In($"home/{place}"));
        var error = await Assert.ThrowsAsync<BadInputException>(() => Score(Inside, _folder.In("open/way/scores.csv")));
        Assert.Equal($"'scores.csv' would lie in '{_folder.In($"home/{place.Split('/')[0]}")}', which FlowGrain keeps for itself; name a file elsewhere.", error.Message);
    }

    private static async Task RefusesToRead(Func<Task> job)
    {
        var error = await Assert.ThrowsAsync<BadInputException>(job);
        Assert.Matches("lies outside the folders that jobs may read on silo [0-9.:]+; put it below one of its Data:Roots", error.Message);
    }

    private async Task RefusesToWrite(string output)
    {
        var error = await Assert.ThrowsAsync<BadInputException>(() => Score(Inside, output));
        Assert.Equal("'scores.csv' lies outside the folders that jobs may write; name a file below Storage:Root or one of Data:Roots.", error.Message);
        Assert.False(File.Exists(output));
    }

    private Task<ScoringResult> Score(string data, string? output) => Job().Score(new ScoringPlan("normal", null, data, default, output, Latent: false), Cancellation);

    private IDatasetGrain Dataset(string path) => Grains.GetGrain<IDatasetGrain>(path);

    private IScoringGrain Job() => Grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString("N"));

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();
}
