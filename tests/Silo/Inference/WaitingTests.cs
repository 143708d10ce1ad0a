using System.Net;
using System.Text;
using System.Text.Json;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Requests over HTTP that wait for their batch: for one there is no room, one waits too long, one is left by its client.</summary>
public sealed class WaitingTests(WaitingSilo silo) : IClassFixture<WaitingSilo>
{
    private const string Row = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[0.5,0.25]}]}""";
    private const string TwoRows = """{"inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[0.5,0.25,1,2]}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_the_queue_has_no_room_for_is_refused_and_told_when_to_ask_again()
    {
        HttpStatusCode[] statuses;
        do
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Post(Row, Cancellation)));
            statuses = [.. answers.Select(answer => answer.StatusCode).Distinct().Order()];
            foreach (var refused in answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests))
            {
                Assert.Equal("1", Assert.Single(refused.Headers.GetValues("Retry-After")));
                Assert.Equal("Model 'm' has 2 rows waiting on this silo, of 2 that may; ask again in a second, or another silo.", (await Read(refused)).GetProperty("error").GetString());
            }

            foreach (var answer in answers) answer.Dispose();
        }
        while (statuses is [HttpStatusCode.OK]); // none came while others waited
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task A_request_that_waits_longer_than_it_allows_is_not_computed()
    {
        using var late = await Post(Row.Replace("{\"inputs\"", "{\"parameters\":{\"timeout\":1000},\"inputs\"", StringComparison.Ordinal), Cancellation);
        Assert.Equal(HttpStatusCode.GatewayTimeout, late.StatusCode);
        Assert.Matches("^The request waited [0-9.]+ ms for its batch, and of what it allowed [01].[0-9] ms were left; it was not computed: ", (await Read(late)).GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task A_request_whose_client_went_away_is_not_computed()
    {
        using var leaves = new CancellationTokenSource();
        var (answered, left) = (await Computed(), Post(TwoRows, leaves.Token));
        while (await Rows(Post(Row, Cancellation)) is > 0 and var one) // it fills the queue where no other finds room
        {
            answered += one + await Rows(left);
            left = Post(TwoRows, leaves.Token);
        }

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        int next;
        while ((next = await Rows(Post(Row, Cancellation))) == 0) Cancellation.ThrowIfCancellationRequested(); // until its batch was taken
        answered += next;
        long computed;
        while ((computed = await Computed()) < answered) Cancellation.ThrowIfCancellationRequested(); // it is counted behind its answer
        Assert.Equal(answered, computed);
    }

    /// <summary>Rows of an answer; none of one that was refused.</summary>
    private static async Task<int> Rows(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        return answer.IsSuccessStatusCode ? (await Read(answer)).GetProperty("outputs")[0].GetProperty("data").GetArrayLength() : 0;
    }

    /// <summary>Rows that were computed.</summary>
    private async Task<long> Computed()
    {
        using var answer = await silo.Http.GetAsync(new Uri(silo.Url, "/v2/models/m/stats"), Cancellation);
        return (await Read(answer)).GetProperty("model_stats")[0].GetProperty("inference_count").GetInt64();
    }

    private async Task<HttpResponseMessage> Post(string body, CancellationToken cancellation)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await silo.Http.PostAsync(new Uri(silo.Url, "/v2/models/m/infer"), content, cancellation);
    }

    private static async Task<JsonElement> Read(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        return json.RootElement.Clone();
    }
}

/// <summary>A silo where rows wait for one another, and two of them at most.</summary>
public sealed class WaitingSilo : OneSilo
{
    public WaitingSilo() : this(Directory.CreateTempSubdirectory("flowgrain-test-").FullName)
    {
    }

    private WaitingSilo(string root) : base(["Serving:QueueRows=2", "Serving:BatchDelay=00:00:00.300"], root) => StoredModels.In(root).Publish(StoredModels.Some("m"), []);
}
