using System.Net;
using FlowGrain.Data;
using FlowGrain.Tests.Grains;
using FlowGrain.Training;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>What was said of a run, asked for over HTTP.</summary>
public sealed class RunLogApiTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = 120_000)]
    public async Task Who_follows_hears_all_of_it_and_the_end()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan("nice", steps: 40);
        plan = plan with { Data = plan.Data with { Path = await silo.Cluster.Locate(LocalSource.Of(plan.Data.Path), null, Cancellation) } };
        await silo.Cluster.StartRun("m", plan, null, Cancellation);
        var followed = await Lines(follow: true);
        Assert.Equal(RunPhase.Finished, (await silo.Cluster.Progress("m", Cancellation)).Phase);
        Assert.Equal(["RunStarted", "RunPublished"], followed.Select(line => line.Event));
        Assert.Equal(followed, await Lines(follow: false));
        Assert.Equal(followed, await Lines(follow: true)); // of a run at rest it is what there is
    }

    [Theory, InlineData("application/json"), InlineData("text/event-stream")]
    public async Task Of_a_run_that_is_not_there_nothing_is_kept(string media)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "runs/nobody/logs") { Headers = { { "Accept", media } } };
        using var answer = await silo.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Nothing is kept of what was said of a run", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private async Task<List<RunLogLine>> Lines(bool follow)
    {
        var lines = new List<RunLogLine>();
        await foreach (var line in silo.Cluster.Log("m", follow, Cancellation)) lines.Add(line);
        return lines;
    }
}
