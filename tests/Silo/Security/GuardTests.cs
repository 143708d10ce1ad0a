using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlowGrain.Silo.Security;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Security;

/// <summary>Limits, headers and the audit log.</summary>
public sealed class GuardTests
{
    private static readonly string[] Keys = ["Auth:Keys:0:Name=ada", $"Auth:Keys:0:Sha256={OneSilo.Sha256("look")}", "Auth:Keys:1:Name=bob", $"Auth:Keys:1:Sha256={OneSilo.Sha256("work")}", "Auth:Keys:1:Role=operator"];

    [Fact]
    public async Task Who_asks_too_often_is_told_when_to_ask_again_and_others_are_not()
    {
        await using var host = await GuardedHost.Start([.. Keys, "Limits:RequestsPerSecond=1", "Limits:Burst=3"]);
        for (var asked = 0; asked < 3; asked++) Assert.Equal(200, (await host.Ask("look")).Status);
        using var refused = await host.Answer("look");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        var (status, text) = await host.Ask("look", "/v2/models/m");
        Assert.Equal((429, """{"error":"The key ada asks more often than this silo allows (Limits:RequestsPerSecond is 1); ask again in 1 s."}"""), (status, text));
        Assert.Equal(200, (await host.Ask("work")).Status);
        Assert.Equal(200, (await host.Ask("look", "/v2/health/live")).Status);
        Assert.Equal(200, (await host.Ask("look", "/metrics")).Status);
    }

    [Fact]
    public async Task Who_tries_keys_is_limited_by_his_address()
    {
        await using var host = await GuardedHost.Start([.. Keys, "Limits:RequestsPerSecond=1", "Limits:Burst=2"]);
        Assert.Equal((401, 401), ((await host.Ask("a")).Status, (await host.Ask("b")).Status));
        var (status, text) = await host.Ask("c", "/v2/models/m");
        Assert.Equal(429, status);
        Assert.Matches(@"""Who comes from (127\.0\.0\.1|::1) without a key asks more often than this silo allows", text);
        Assert.Equal(200, (await host.Ask("look")).Status);
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_browsers_heed_and_names_no_server()
    {
        await using var host = await GuardedHost.Start(Keys);
        foreach (var (key, path) in new[] { ((string?)null, "/api/v1/runs"), ("look", "/v2/models/m"), (null, "/livez"), (null, "/page") })
        {
            using var answer = await host.Answer(key, path);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["DENY"], answer.Headers.GetValues("X-Frame-Options"));
            Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
            Assert.Equal(path.StartsWith("/api", StringComparison.Ordinal) || path.StartsWith("/v2", StringComparison.Ordinal), answer.Headers.CacheControl?.NoStore ?? false);
            Assert.Equal(path == "/page", answer.Headers.Contains("Content-Security-Policy"));
            Assert.False(answer.Headers.Contains("Strict-Transport-Security")); // which is for https
        }
    }

    [Fact]
    public async Task An_open_silo_that_is_asked_for_by_another_name_says_which_and_what_to_set()
    {
        await using var host = await GuardedHost.Start([]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/models/m");
        request.Headers.Host = "silo.example.org";
        using var refused = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("it was asked for as 'silo.example.org' (the header Host); ask for it as localhost, give it keys with Auth:Keys, or set Auth:AllowAnonymous=true", answer.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Each_change_and_each_refusal_is_a_line_and_a_look_is_none()
    {
        await using var host = await GuardedHost.Start(Keys);
        await host.Ask("work", "/api/v1/runs/m?x=1", "DELETE");
        await host.Ask("look", "/api/v1/runs/m", "DELETE");
        await host.Ask("look");
        await host.Ask("look", "/v2/models/m/infer", "POST");
        await host.Ask("wrong");
        await host.Ask("wrong", "/api/v1/a%0d%0aFlowGrain.Audit:%20key%20bob%E2%80%AE" + new string('x', 500));
        var lines = host.Logged.Where(line => line.StartsWith("FlowGrain.Audit", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["FlowGrain.Audit: key bob: DELETE /api/v1/runs/m?x=1 200", "FlowGrain.Audit: key ada: DELETE /api/v1/runs/m 403"],
            lines[..2]);
        Assert.Matches("^FlowGrain.Audit: anonymous (127.0.0.1|::1): GET /api/v1/runs 401$", lines[2]);
        Assert.Matches(@"^FlowGrain.Audit: anonymous (127.0.0.1|::1): GET /api/v1/a\?\?FlowGrain.Audit: key bob\?x+… 401$", lines[3]);
        Assert.Equal(4, lines.Count);
        Assert.DoesNotContain(host.Logged, line => line.Contains("wrong", StringComparison.Ordinal));
    }

    [Fact]
    public void A_field_of_the_log_is_bounded_and_has_no_character_that_nobody_sees()
    {
        Assert.Equal("a?b?c??", Audit.Clean("a\nb\u202ec\u2028\u001b"));
        Assert.InRange(Audit.Clean(new string('x', 5000)).Length, 200, 203);
    }
}
