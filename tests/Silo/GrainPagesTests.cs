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

    [Fact]
    public async Task A_browser_looks_at_it_with_a_cookie_that_a_key_gave_and_at_nothing_else()
    {
        var cookie = await Session("look");
        Assert.Contains("path=/orleans; samesite=strict; httponly", cookie);
        Assert.Contains("max-age=3600", cookie);
        var shown = cookie.Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, await Shown(HttpMethod.Get, "/orleans/", shown));
        Assert.Equal(HttpStatusCode.Unauthorized, await Shown(HttpMethod.Get, "/api/v1/runs", shown));
        Assert.Equal(HttpStatusCode.Unauthorized, await Shown(HttpMethod.Post, "/api/v1/session", shown)); // or it would never end
        var operators = (await Session("work")).Split(';')[0];
        Assert.Equal(HttpStatusCode.Forbidden, await Shown(HttpMethod.Post, "/orleans/", operators)); // whoever it is, it lets look alone
    }

    [Fact]
    public async Task A_cookie_that_was_changed_or_is_over_is_none()
    {
        var (name, value) = ((await Session("look")).Split(';')[0].Split('=', 2) is [var first, var second]) ? (first, second) : throw new InvalidOperationException("no cookie");
        var parts = value.Split('.');
        var later = long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) + 1;
        foreach (var changed in (string[])[$"{parts[0]}.{later}.{parts[2]}", $"{parts[0]}.{parts[1]}.{parts[2][..^2]}AA", $"d29yaw.{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}", "", "a.b.c", $"{parts[0]}.1.{parts[2]}"])
            Assert.Equal(HttpStatusCode.Unauthorized, await Shown(HttpMethod.Get, "/orleans/", $"{name}={changed}"));
    }

    [Fact]
    public async Task Who_signs_out_has_its_cookie_taken_away()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, new Uri(silo.Url, "/api/v1/session")) { Headers = { Authorization = new("Bearer", "look") } };
        using var answer = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("max-age=0", answer.Headers.GetValues("Set-Cookie").Single());
    }

    private async Task<string> Session(string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(silo.Url, "/api/v1/session")) { Headers = { Authorization = new("Bearer", key) } };
        using var answer = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single();
    }

    private async Task<HttpStatusCode> Shown(HttpMethod method, string path, string cookie)
    {
        using var request = new HttpRequestMessage(method, new Uri(silo.Url, path)) { Headers = { { "Cookie", cookie } } };
        using var answer = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
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
