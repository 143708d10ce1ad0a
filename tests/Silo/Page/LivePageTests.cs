using System.Collections.Immutable;
using FlowGrain.Tests.Cluster;
using FlowGrain.Training;

namespace FlowGrain.Tests.Silo.Page;

/// <summary>The page of real silos, on a real Redis, during a run.</summary>
public sealed class LivePageTests : ClusterTest
{
    private Chromium _chromium = null!; // null where the tests are skipped

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _chromium = await Chromium.Start();
    }

    public override async ValueTask DisposeAsync()
    {
        if (_chromium is not null) await _chromium.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected override Task Begin(SiloCluster cluster) => Task.WhenAll(cluster.Start("a"), cluster.Start("b"));

    [Fact(Timeout = 300_000)]
    public async Task A_run_is_shown_while_it_trains_a_kill_becomes_a_mark_and_its_density_is_painted_at_the_end()
    {
        var window = await _chromium.Open(Cluster.Url("a"), "/runs/m");
        await window.Shows("[role=alert]", "There is no run 'm'");

        await Cluster.Grains.GetGrain<IRunGrain>("m").Start(Plan(steps: 3000), TestContext.Current.CancellationToken);
        await window.Shows(".phase", "training"); // as soon as it is there
        await window.Until("() => /^[1-9]/.test(document.querySelector('.figures dd').innerText)"); // steps, without a reload
        await window.Has(1, ".columns .card:first-child .u-over");

        await Cluster["b"].Kill();
        await window.Until("() => /was lost|is gone|It went on/.test(document.querySelector('.marks')?.innerText)"); // whichever it had of the run
        await window.Has(1, "#status[data-state=live]");

        await window.Shows(".phase", "finished");
        await window.Page.GetByText("its model").ClickAsync();
        await window.Until("() => document.querySelector('.frame canvas')?.width === 224");
        var colours = await window.Page.EvaluateAsync<int>("() => { const canvas = document.querySelector('.frame canvas'); return new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, 224, 224).data.buffer)).size; }");
        Assert.True(colours > 50, $"the picture has {colours} colours");
        Assert.All(window.Complaints, complaint => Assert.Matches("^(404 /api/v1/runs/m|50[34] /api/v1/runs/m(/[a-z]+)?)$", complaint)); // the run that was not there yet, and what the killed silo owed
    }

    [Fact(Timeout = 300_000)]
    public async Task The_page_says_how_old_it_is_while_its_silo_is_away_and_goes_on_when_it_is_back()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        var window = await _chromium.Open(Cluster.Url("a"), "/cluster");
        await window.Shows("#status", "live");
        await window.Has(2, ".silo");

        await Cluster["a"].Kill();
        await window.Shows("#status", "stale since");
        await window.Shows("#status", "reconnecting");
        await Cluster.Restart("a");
        await window.Shows("#status", "live");
        await window.Has(2, ".silo");
        Assert.All(window.Complaints, complaint => Assert.Matches("^net::ERR_[A-Z_]+ /api/v1/live$", complaint)); // while the silo was away
    }

    private TrainingPlan Plan(long steps) => Embedded.Plan() with { Steps = steps, Settings = ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "2").Add("hidden", "16") };
}
