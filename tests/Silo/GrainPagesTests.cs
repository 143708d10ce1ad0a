using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo;

/// <summary>The dashboard of Orleans on a silo that wants keys.</summary>
public sealed class GrainPagesTests(GuardedSilo silo) : IClassFixture<GuardedSilo>
{
    [Theory, InlineData("/orleans"), InlineData("/orleans/"), InlineData("/orleans/index.min.js"), InlineData("/Orleans/ClusterStats"), InlineData("/orleans/nothing")]
    public async Task Who_shows_no_key_sees_none_of_it(string path)
    {
        using var refused = await Ask(path, key: null);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var wrong = await Ask(path, "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task A_viewer_sees_the_page_which_a_browser_may_draw_with_styles_of_its_own_and_nothing_from_elsewhere()
    {
        using var page = await Ask("/orleans/", "look");
        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        var sources = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'; ", sources);
        Assert.Contains("style-src 'self' 'unsafe-inline'", sources);
        Assert.DoesNotContain("script-src", sources); // which are its own files alone
        foreach (var file in (string[])["index.min.js", "index.css", "favicon.ico"])
        {
            using var answer = await Ask($"/orleans/{file}", "look");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task It_counts_the_grains_of_the_cluster()
    {
        while (await Silos() == 0) TestContext.Current.CancellationToken.ThrowIfCancellationRequested(); // it counts once a second
        Assert.Equal(1, await Silos());
    }

    [Fact]
    public async Task The_log_is_shown_to_nobody()
    {
        using var refused = await Ask("/orleans/Trace", "work");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task<int> Silos()
    {
        using var counted = await Ask("/orleans/DashboardCounters", "look");
        var counters = JsonSerializer.Deserialize<JsonElement>(await counted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return counters.GetProperty("totalActiveHostCount").GetInt32();
    }

    private async Task<HttpResponseMessage> Ask(string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(silo.Url, path));
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
