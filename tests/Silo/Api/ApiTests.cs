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
    [InlineData("GET", "scorings/nothing.csv", "", 404, "no scores")]
    [InlineData("GET", "datasets/file?path=/etc/passwd", "", 404, "see no file")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"/etc/passwd.csv"}}""", 400, "outside the folders")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"your.csv"}}""", 400, "not a full path")]
    [InlineData("PUT", "runs/m", """{"data":{"path":"/a.csv"},"stpes":3}""", 400, "stpes")]
    [InlineData("PUT", "runs/m", """{"steps":3}""", 400, "data")]
    [InlineData("PUT", "runs/..m", """{"data":{"path":"/a.csv"}}""", 400, "cannot name a run")]
    [InlineData("PUT", "datasets/uploads/abc/x.csv", "x", 400, "not a SHA-256")]
    [InlineData("POST", "scorings", """{"model":"m","data":"/a.csv","format":"exe"}""", 400, "csv, parquet or npy")]
    [InlineData("GET", "models/nobody/samples?rows=0", "", 400, "rows is 0")]
    [InlineData("GET", "nothing/here", "", 404, "")]
    public async Task A_fault_is_a_problem_with_its_status_and_a_sentence(string method, string path, string body, int status, string words)
    {
        using var request = new HttpRequestMessage(new(method), path);
        if (body != "") request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await silo.Http.SendAsync(request, Cancellation);
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains(words, text);
        Assert.DoesNotContain("   at ", text);
    }

    [Fact]
    public async Task An_upload_appears_whole_under_its_hash_or_not_at_all()
    {
        const string Text = "a,b\n1,2\n";
        var path = $"datasets/uploads/{OneSilo.Sha256(Text)}/your.csv";
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Http.GetAsync(path, Cancellation)).StatusCode);
        var cut = await silo.Http.PutAsync(path, new StringContent(Text[..5]), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, cut.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Http.GetAsync(path, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.PutAsync(path, new StringContent(Text), Cancellation)).StatusCode);
        var seen = JsonDocument.Parse(await silo.Http.GetStringAsync(path, Cancellation)).RootElement;
        Assert.Equal(Text, await File.ReadAllTextAsync(seen.GetProperty("path").GetString()!, Cancellation));
        Assert.Equal(["your.csv"], Directory.EnumerateFiles(Path.GetDirectoryName(seen.GetProperty("path").GetString()!)!).Select(file => Path.GetFileName(file)));
        Assert.Equal(HttpStatusCode.NoContent, (await silo.Http.DeleteAsync($"datasets/uploads/{OneSilo.Sha256(Text)}", Cancellation)).StatusCode);
        Assert.False(File.Exists(seen.GetProperty("path").GetString()));
    }

    [Theory, InlineData("..%2Fyour.csv"), InlineData(".hidden"), InlineData("a%0Ab.csv")]
    public async Task An_upload_under_a_name_that_leads_elsewhere_is_refused(string name)
    {
        var answer = await silo.Http.PutAsync($"datasets/uploads/{OneSilo.Sha256("x")}/{name}", new StringContent("x"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
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

    [Fact]
    public async Task The_client_says_that_a_key_is_wanted()
    {
        var refused = await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.Greet(TestContext.Current.CancellationToken));
        Assert.Contains("FLOWGRAIN_API_KEY", refused.Message);
    }

    [Fact]
    public async Task Health_needs_no_key() =>
        Assert.Equal("ok\n", await silo.Http.GetStringAsync(new Uri(silo.Url, "/livez"), TestContext.Current.CancellationToken));
}
