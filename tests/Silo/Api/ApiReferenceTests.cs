using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowGrain.Tests.Silo.Api;

public sealed partial class ApiReferenceTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_operation_is_described_with_what_it_answers_and_has_an_id_of_its_own()
    {
        var document = JsonSerializer.Deserialize<JsonElement>(await Text("/openapi/v1.json"));
        Assert.StartsWith("3.", document.GetProperty("openapi").GetString());
        Assert.Equal("FlowGrain", document.GetProperty("info").GetProperty("title").GetString());
        var operations = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => (Name: $"{operation.Name} {path.Name}", operation.Value))).ToList();
        Assert.All(operations, operation => Assert.True(operation.Value.TryGetProperty("summary", out _), $"{operation.Name} lacks a summary"));
        Assert.All(operations, operation => Assert.True(operation.Value.GetProperty("responses").EnumerateObject().Any(), operation.Name));
        Assert.Equal(operations.Count, operations.Select(operation => operation.Value.GetProperty("operationId").GetString()).Distinct().Count());
        Assert.All(
            ["post /v2/models/{model}/infer", "get /v2/health/ready", "put /api/v1/runs/{run}", "put /api/v1/models/{model}/aliases/{alias}", "post /api/v1/scorings", "get /livez"],
            name => Assert.Contains(name, operations.Select(operation => operation.Name)));
        var infer = operations.Single(operation => operation.Name == "post /v2/models/{model}/infer").Value;
        Assert.Contains("datatype", infer.GetProperty("requestBody").GetRawText(), StringComparison.Ordinal);
        Assert.Contains("model_version", document.GetProperty("components").GetProperty("schemas").GetProperty("InferenceAnswer").GetRawText(), StringComparison.Ordinal);
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
