using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowGrain.Tests.Silo.Api;

public sealed partial class ApiReferenceTests(OneSilo silo) : IClassFixture<OneSilo>
{
    // The protocol answers these two with a status alone.
    private static readonly string[] Bodiless = ["post /v2/repository/models/{model}/load 200", "post /v2/repository/models/{model}/unload 200"];

    // Words that say all.
    private static readonly string[] Orders = ["/pause", "/cancel", "/resume", "/rollback", "/session"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_is_described_with_what_it_answers_and_has_an_id_of_its_own()
    {
        var document = JsonSerializer.Deserialize<JsonElement>(await Text("/openapi/v1.json"));
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString());
        Assert.Equal("FlowGrain", document.GetProperty("info").GetProperty("title").GetString());
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))).ToList();
        Assert.All(operations, operation => Assert.True(operation.Value.TryGetProperty("summary", out _), $"{operation.Name} lacks a summary"));
        Assert.All(operations, operation => AssertComplete(operation.Name, operation.Value));
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(
            ["post /v2/models/{model}/infer", "get /v2/health/ready", "put /api/v1/runs/{run}", "put /api/v1/models/{model}/aliases/{alias}", "post /api/v1/scorings", "get /livez"],
            name => Assert.Contains(name, operations.Select(operation => operation.Name)));
        var infer = operations.Single(operation => operation.Name == "post /v2/models/{model}/infer").Value;
        Assert.Contains("datatype", infer.GetProperty("requestBody").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("model_version", document.GetProperty("components").GetProperty("schemas").GetProperty("InferenceAnswer").GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>What it takes, what it answers, and how it fails: each with a schema, and in words.</summary>
    private static void AssertComplete(string name, JsonElement operation)
    {
        foreach (var parameter in operation.TryGetProperty("parameters", out var parameters) ? [.. parameters.EnumerateArray()] : Array.Empty<JsonElement>())
            Assert.True(parameter.TryGetProperty("description", out _), $"{name}: {parameter.GetProperty("name")} lacks a description");
        var responses = operation.GetProperty("responses").EnumerateObject().ToList();
        Assert.True(responses.Exists(response => response.Name[0] == '2'), $"{name} says of no answer");
        Assert.All(responses, response => Assert.NotEqual("", response.Value.GetProperty("description").GetString()));
        Assert.All(responses.Where(response => !Bodiless.Contains($"{name} {response.Name}")), response => Assert.True(response.Name == "204" || HasSchema(response.Value), $"{name} {response.Name} lacks a schema"));
        if (name.StartsWith("post ", StringComparison.Ordinal) || name.StartsWith("put ", StringComparison.Ordinal))
            Assert.True(Orders.Any(name.EndsWith) || (operation.TryGetProperty("requestBody", out var body) && HasSchema(body)), $"{name} lacks a body");
        if (name is "get /livez") return;
        string[] faults = [.. responses.Select(response => response.Name).Where(status => status[0] is '4' or '5')];
        Assert.Contains("503", faults);
        if (name.Contains("/api/", StringComparison.Ordinal)) Assert.All(["401", "403", "429", "500"], status => Assert.Contains(status, faults));
        if (name.Contains('{')) Assert.All(["400", "404"], status => Assert.Contains(status, faults));
    }

    private static bool HasSchema(JsonElement body) => body.TryGetProperty("content", out var content) && content.EnumerateObject().Any(media => media.Value.TryGetProperty("schema", out var schema) && schema.EnumerateObject().Any());

    [Fact]
    public async Task Faults_are_problem_details_and_below_v2_those_of_the_protocol()
    {
        var paths = JsonSerializer.Deserialize<JsonElement>(await Text("/openapi/v1.json")).GetProperty("paths");
        Assert.Contains("ProblemDetails", Fault("/api/v1/models/{model}", "get", "application/problem+json"), StringComparison.Ordinal);
        Assert.Contains("InferenceFault", Fault("/v2/models/{model}/infer", "post", "application/json"), StringComparison.Ordinal);
        Assert.Contains("text/event-stream", paths.GetProperty("/api/v1/scorings").GetProperty("post").GetProperty("responses").GetProperty("200").GetRawText(), StringComparison.Ordinal);

        Assert.Contains("415", Statuses("/api/v1/models/{model}/aliases/{alias}", "put"));
        Assert.Contains("408", Statuses("/api/v1/models/{model}/archive", "post"));
        Assert.Contains("406", Statuses("/api/v1/models/{model}/samples", "get"));
        Assert.All(["scorings", "detections", "evaluations", "verifications"], job => Assert.Contains("404", Statuses($"/api/v1/{job}", "post")));

        IEnumerable<string> Statuses(string path, string method) => paths.GetProperty(path).GetProperty(method).GetProperty("responses").EnumerateObject().Select(response => response.Name);
        string Fault(string path, string method, string media) =>
            paths.GetProperty(path).GetProperty(method).GetProperty("responses").GetProperty("404").GetProperty("content").GetProperty(media).GetRawText();
    }

    [Fact]
    public async Task The_description_is_not_made_again_and_who_has_it_is_told_so()
    {
        using var first = await silo.Http.GetAsync(new Uri(silo.Url, "/openapi/v1.json"), Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(silo.Url, "/openapi/v1.json"));
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await silo.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Theory, InlineData("/docs/"), InlineData("/")]
    public async Task A_page_needs_nothing_from_elsewhere(string path)
    {
        var page = await Text(path);
        foreach (var link in Links().Matches(page).Select(match => match.Groups[1].Value).Where(link => link is not ("" or "#")))
        {
            Assert.False(link.StartsWith("http", StringComparison.Ordinal) || link.StartsWith("//", StringComparison.Ordinal), $"{path} links to {link}");
            if (link.EndsWith(".js", StringComparison.Ordinal) || link.EndsWith(".css", StringComparison.Ordinal)) Assert.NotEmpty(await Text(new Uri(new Uri(silo.Url, path), link).AbsolutePath));
        }
    }

    private async Task<string> Text(string path)
    {
        using var answer = await silo.Http.GetAsync(new Uri(silo.Url, path), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Links();
}
