using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Tests.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>The pictures of the page under docs/, which <c>tests/page-pictures</c> makes: two silos, three runs, real data.</summary>
public sealed class PagePictures : IAsyncDisposable
{
    private static readonly string Table = Path.Combine(Repository.Root, "client", "Cli", "Quickstart", "zipcodes.csv");

    private readonly TempFolder _folder = new();
    private readonly RedisServer _redis = new();
    private readonly SiloCluster _cluster;

    public PagePictures()
    {
        File.Copy(Table, _folder.In("zipcodes.csv"));
        _cluster = new SiloCluster(_redis, _folder.In("store"), _folder.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _redis.Dispose();
        _folder.Dispose();
    }

    [Fact(Explicit = true)]
    public async Task Draw()
    {
        await using var chromium = await Chromium.Start();
        await Task.WhenAll(_cluster.Start("a", slots: 2), _cluster.Start("b", slots: 2));
        await _cluster.Connect();
        await _cluster.Train("coast", Plan("realnvp", steps: 150));
        var watching = await chromium.Open(_cluster.Url("a"), "/cluster", height: 800); // from now on, so that it has seen slots move
        await Start("zipcodes", Plan("nsf", steps: 700));
        await _cluster.Until("zipcodes", progress => progress.Step > 200);
        await Start("islands", Plan("maf", steps: 400));
        await _cluster.Until("islands", progress => progress.Step > 60);
        await _cluster["b"].Kill();
        await _cluster.Until("zipcodes", progress => progress.Step > 350);
        await _cluster.Start("b", slots: 2);
        await _cluster.Until("zipcodes", progress => progress.Step > 450);
        await Picture(watching, "page-cluster");
        await Picture(await chromium.Open(_cluster.Url("a"), "/runs/zipcodes?smooth=0.7", height: 960), "page-run", "Straggler ratio");
        await Picture(await chromium.Open(_cluster.Url("a"), "/runs?sel=zipcodes%401,islands%401,coast%401&smooth=0.7", isDark: false, height: 800), "page-runs", "coast@1");

        await _cluster.Until("zipcodes", progress => progress.Phase == RunPhase.Finished);
        await Picture(await chromium.Open(_cluster.Url("a"), "/models/zipcodes", height: 960), "page-density", "at the pointer");
        await Picture(await chromium.Open(_cluster.Url("a"), "/models/zipcodes/layers?layer=6", height: 960), "page-layers", "standardize");
        await Picture(await chromium.Open(_cluster.Url("a"), "/try?model=zipcodes&row=-90,27", isDark: false, height: 800), "page-try", "log-density of each column");
    }

    private async Task Start(string run, TrainingPlan plan) => await _cluster.Grains.GetGrain<IRunGrain>(run).Start(plan, TestContext.Current.CancellationToken);

    private TrainingPlan Plan(string preset, long steps) => new()
    {
        Data = new DataSelection(_folder.In("zipcodes.csv"), ["longitude", "latitude"], [], MissingRows.Refuse),
        Model = preset,
        Settings = ImmutableSortedDictionary<string, string>.Empty.Add("hidden", "64"),
        Steps = steps,
    };

    private static async Task Picture(Window window, string name, string? text = null)
    {
        if (text is not null) await window.Shows("main", text);
        await window.Shows("#status", "live");
        await window.Page.WaitForLoadStateAsync(Microsoft.Playwright.LoadState.DOMContentLoaded);
        await window.Page.EvaluateAsync("() => document.fonts.ready.then(() => new Promise(drawn => setTimeout(drawn, 1500)))"); // thumbnails and transitions
        await window.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "artifacts", "page", $"{name}.png") });
    }
}
