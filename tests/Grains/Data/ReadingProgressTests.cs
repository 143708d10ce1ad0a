using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Tests.Grains.Serving;

namespace FlowGrain.Tests.Grains.Data;

/// <summary>What a grain answers while it reads a file.</summary>
public sealed class ReadingProgressTests : IAsyncLifetime
{
    private const int Rows = 300_000;

    private readonly TempFolder _folder = new();
    private EmbeddedFixture _embedded = null!;
    private string _path = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _embedded = await EmbeddedFixture.Start(slots: 1);
        _path = _folder.Write("t.csv", Tables.Csv(Tables.Normal(Rows, 2), "x0,x1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _embedded.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_import_says_how_far_it_is_and_nothing_when_it_is_done()
    {
        var dataset = _embedded.Cluster.Grains.GetGrain<IDatasetGrain>(_path);
        Assert.Null(await dataset.Reading());
        await Seen(dataset.Import(Tables.All(_path), Cancellation), dataset.Reading);
        Assert.Null(await dataset.Reading());
    }

    [Fact]
    public async Task An_inspection_says_how_far_it_is()
    {
        var dataset = _embedded.Cluster.Grains.GetGrain<IDatasetGrain>(_path);
        await Seen(dataset.Inspect(Tables.All(dataset.GetPrimaryKeyString()), Cancellation), dataset.Reading);
    }

    [Fact]
    public async Task A_scoring_and_an_evaluation_say_how_far_they_are()
    {
        StoredModels.In(_embedded.Home).Publish(StoredModels.Gaussian("normal"), []);
        var (scoring, evaluation) = (Job(), Job());
        await Seen(scoring.Score(new ScoringPlan("normal", null, _path, default, null, Latent: false), Cancellation), scoring.Reading);
        await Seen(evaluation.Evaluate(new EvaluationPlan("normal", null, _path, default), Cancellation), evaluation.Reading);
    }

    private IScoringGrain Job() => _embedded.Cluster.Grains.GetGrain<IScoringGrain>(Guid.NewGuid().ToString("N"));

    private async Task Seen(Task job, Func<Task<ReadingProgress?>> ask)
    {
        var seen = new List<ReadingProgress>();
        while (!job.IsCompleted)
            if (await ask() is { } progress) seen.Add(progress);
        await job;
        Assert.Contains(seen, progress => progress is { Rows: > 0 and < Rows, Fraction: > 0 and < 1 } && progress.Bytes < new FileInfo(_path).Length);
        Assert.Equal(seen.Select(progress => progress.Rows).Order(), seen.Select(progress => progress.Rows));
    }
}
