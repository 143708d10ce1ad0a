using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>The HTTP API as a program meets it that knows no library of ours.</summary>
public sealed class ApiTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "runs/nobody", "", 404, "no run 'nobody'")]
    [InlineData("GET", "models/nobody", "", 404, "no model 'nobody'")]
    [InlineData("POST", "runs/nobody/resume", "", 404, "no run 'nobody'")]
    [InlineData("POST", "runs/nobody/pause", "", 404, "no run 'nobody'")]
    [InlineData("POST", "runs/nobody/cancel", "", 404, "no run 'nobody'")]
    [InlineData("GET", "runs/nobody/events", "", 404, "no run 'nobody'")]
    [InlineData("GET", "runs/nobody?version=3", "", 404, "no run 'nobody'")]
    [InlineData("GET", "runs/nobody/plan?version=3", "", 404, "no run 'nobody'")]
    [InlineData("GET", "runs/nobody/result?version=3", "", 404, "no run 'nobody'")]
    [InlineData("GET", "runs/nobody/round?version=3", "", 404, "no run 'nobody'")]
    [InlineData("GET", "runs/nobody/series?version=3", "", 404, "no run 'nobody'")]
    [InlineData("GET", "runs/nobody/plan?version=three", "", 400, "'version' is 'three'")]
    [InlineData("GET", "scorings/nothing.csv", "", 404, "no scores")]
    [InlineData("GET", "datasets/file?path=/etc/passwd", "", 404, "see no file")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"/etc/passwd.csv"}}""", 400, "outside the folders")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"your.csv"}}""", 400, "not a full path")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"/a.csv"},"stpes":3}""", 400, "The body has a field 'stpes' (line 1, byte 35), which does not exist; correct its name or take it out (docs/api.md has the fields).")]
    [InlineData("PUT", "runs/m", """{"steps":3}""", 400, "The body lacks 'data'; add it (docs/api.md has the fields).")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"/a.csv"},"mode":"often"}""", 400, "The body has a value for 'mode' (line 1, byte 41) that it cannot take; correct it (docs/api.md has the fields).")]
    [InlineData("PUT", "runs/m", """{"data":null}""", 400, "The body has a value for 'data' (line 1, byte 13) that it cannot take; correct it (docs/api.md has the fields).")]
    [InlineData("PUT", "runs/m", "[]", 400, "The body is JSON of another kind than is wanted here; send an object (docs/api.md has the fields).")]
    [InlineData("PUT", "runs/m", "{\"data\":\n{x", 400, "The body is no JSON at line 2, byte 2: 'x' is an invalid start of a property name.")]
    [InlineData("PUT", "runs/m", "", 400, "The request has no body; send one of JSON with the header 'Content-Type: application/json' (docs/api.md has the fields).")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"/a.csv"},"priority":300}""", 400, "--priority is 300; it must be from -100 to 100.")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"/a.csv"},"from":"nobody@1"}""", 404, "There is no model 'nobody'")]
    [InlineData("GET", "models/nobody/samples", "", 400, "The address lacks 'rows'; add ?rows=VALUE.")]
    [InlineData("GET", "models/nobody/samples?rows=many", "", 400, "'rows' is 'many' in the address; it takes a whole number.")]
    [InlineData("PATCH", "runs/m", "", 405, "/api/v1/runs/m does not take PATCH; use ")]
    [InlineData("PUT", "runs/..m", """{"data":{"path":"/a.csv"}}""", 400, "cannot name a run")]
    [InlineData("PUT", "datasets/uploads/abc/def", "x", 400, "not a SHA-256")]
    [InlineData("POST", "datasets/uploads", """{"path":"a.csv","files":[]}""", 400, "without files")]
    [InlineData("POST", "datasets/uploads", """{"path":"a.csv","files":[{"path":"a.csv","bytes":5,"blocks":[]}]}""", 400, "5 bytes has 0 blocks")]
    [InlineData("POST", "datasets/uploads", """{"path":"a.csv","files":[{"path":"a.csv","bytes":5,"blocks":["no"]}]}""", 400, "not a SHA-256")]
    [InlineData("POST", "datasets/uploads", """{"path":"a.csv","files":[{"path":"a.csv","bytes":0,"blocks":[]},{"path":"a.csv/b","bytes":0,"blocks":[]}]}""", 400, "one name")]
    [InlineData("POST", "scorings", """{"model":"m","data":"/a.csv","format":"exe"}""", 400, "csv, parquet or npy")]
    [InlineData("GET", "models/nobody/samples?rows=0", "", 400, "rows is 0")]
    [InlineData("GET", "models/m?verison=1", "", 400, "There is no parameter 'verison' of GET /api/v1/models/{model}, which takes version; did you mean version?")]
    [InlineData("POST", "models/m/aliases/champion/rollback?form=7", "", 400, "no parameter 'form' of POST /api/v1/models/{model}/aliases/{alias}/rollback, which takes from")]
    [InlineData("GET", "models/m/samples?rows=2&fist=1", "", 400, "no parameter 'fist' of GET /api/v1/models/{model}/samples, which takes version, rows, first, seed, context, look; did you mean first?")]
    [InlineData("GET", "runs?limit=3", "", 400, "no parameter 'limit' of GET /api/v1/runs/, which takes none; correct its name or take it out.")]
    [InlineData("POST", "models/a%20b/archive", "x", 400, "'a b' cannot name a run or a model; take 1 to 64 letters")]
    [InlineData("POST", "models/a.sample/archive", "x", 400, "what ends in .sample is a function of a model")]
    [InlineData("POST", "models/a/archive", "x", 400, "'the body' is no archive of a model that can be used: it is no zip file, or was cut or damaged;")]
    [InlineData("POST", "models/a/archive", "", 400, "'the body' is no archive of a model that can be used: it is empty;")]
    [InlineData("GET", "nothing/here", "", 404, "There is nothing at /api/v1/nothing/here; docs/api.md lists the paths, below /api/v1 and /v2.")]
    public async Task A_fault_is_a_problem_with_its_status_and_a_sentence(string method, string path, string body, int status, string words)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body != "") request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await silo.Http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(words, JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString());
        Assert.DoesNotContain("   at ", text);
    }

    [Fact]
    public async Task A_body_that_is_not_sent_as_json_is_told_how_to_be()
    {
        using var form = new FormUrlEncodedContent([new("{\"version\":1}", "")]);
        using var answer = await silo.Http.PutAsync("models/m/aliases/champion", form, Cancellation);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("The body is not sent as JSON; send it with the header", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_no_upload_is_bounded()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "scorings") { Content = new StringContent(new string(' ', 17 << 20), Encoding.UTF8, "application/json") };
        request.Headers.ExpectContinue = true; // or the refusal would be lost in a connection that is closed on it
        using var answer = await silo.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_of_another_site_gets_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "runs/m/cancel") { Headers = { { "Origin", "https://evil.example" } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await silo.Http.SendAsync(request, Cancellation)).StatusCode);
        using var renamed = new HttpRequestMessage(HttpMethod.Get, "runs") { Headers = { Host = "evil.example" } };
        Assert.Equal(HttpStatusCode.Forbidden, (await silo.Http.SendAsync(renamed, Cancellation)).StatusCode);
    }
}

/// <summary>Who may do what where keys are configured.</summary>
public sealed class KeyTests(GuardedSilo silo) : IClassFixture<GuardedSilo>
{
    [Theory]
    [InlineData(null, "GET", 401)]
    [InlineData("wrong", "GET", 401)]
    [InlineData("look", "GET", 200)]
    [InlineData("look", "DELETE", 403)]
    [InlineData("work", "GET", 200)]
    [InlineData("work", "DELETE", 204)]
    public async Task A_viewer_looks_and_an_operator_changes(string? key, string method, int status)
    {
        using var request = new HttpRequestMessage(new(method), method == "GET" ? "runs" : "runs/nobody");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData(null, "POST", "/v2/models/nobody/infer", 401)]
    [InlineData(null, "GET", "/v2/models/nobody", 401)]
    [InlineData(null, "GET", "/v2/health/live", 200)]
    [InlineData("look", "POST", "/v2/models/nobody/infer", 400)] // its body is empty
    [InlineData("look", "POST", "/api/v1/models/nobody/log-densities", 404)]
    [InlineData("look", "POST", "/v2/repository/index", 200)]
    [InlineData("look", "POST", "/v2/repository/models/nobody/load", 403)]
    [InlineData("look", "POST", "/v2/repository/models/nobody/unload", 403)]
    [InlineData("look", "POST", "/v2/repository/models/infer/load", 403)]
    [InlineData("look", "POST", "/v2/models/nobody", 403)]
    [InlineData("look", "PUT", "/v2/models/nobody/infer", 403)]
    [InlineData("work", "POST", "/v2/repository/models/nobody/load", 404)]
    [InlineData("look", "PUT", "/api/v1/runs/infer", 403)]
    [InlineData("look", "DELETE", "/api/v1/runs/infer", 403)]
    [InlineData("look", "DELETE", "/api/v1/models/log-densities", 403)]
    [InlineData("look", "POST", "/api/v1/runs/infer/resume", 403)]
    public async Task A_viewer_asks_models_whatever_others_are_called(string? key, string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(silo.Url, path));
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory, InlineData("look", "viewer"), InlineData("work", "operator")]
    public async Task Who_asks_is_told_what_the_key_may_do(string key, string role)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(silo.Url, "/api/v1/"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains($"\"role\":\"{role}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_client_says_that_a_key_is_wanted()
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.Greet(TestContext.Current.CancellationToken));
        Assert.Contains("FLOWGRAIN_API_KEY", refused.Message);
    }

    [Fact]
    public async Task Health_needs_no_key_and_says_what_was_looked_at()
    {
        foreach (var (path, answer) in new[] { ("/livez", "ok\n"), ("/startupz", "ok\n"), ("/readyz", "ok\n"), ("/readyz?verbose", "[+]started ok\n[+]not draining ok\nok\n"), ("/livez?verbose", "[+]process ok\nok\n") })
            Assert.Equal((path, answer), (path, await silo.Http.GetStringAsync(new Uri(silo.Url, path), TestContext.Current.CancellationToken)));
    }
}
