using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>The model repository of the Open Inference Protocol, and its statistics. Each test has a model of its own.</summary>
public sealed class RepositoryTests(RegistrySilo silo) : IClassFixture<RegistrySilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_repository_lists_loads_and_unloads()
    {
        var model = silo.Publish("stored", versions: 2);
        Assert.Equal(["READY", "READY"], await States(model, "{}"));
        using (var unloaded = await silo.Post($"/v2/repository/models/{model}/unload", "{}")) Assert.Equal(HttpStatusCode.OK, unloaded.StatusCode);
        Assert.Equal(["UNAVAILABLE", "UNAVAILABLE"], await States(model, ""));
        Assert.Empty(await States(model, """{"ready":true}"""));
        Assert.All((await silo.Cluster.Models(Cancellation)).Where(one => one.Name == model), one => Assert.True(one.IsUnloaded));
        using (var refused = await silo.Post($"/v2/models/{model}/infer", RegistrySilo.Row))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal($$"""{"error":"Model '{{model}}' is unloaded; POST /v2/repository/models/{{model}}/load loads it."}""", (await refused.Content.ReadAsStringAsync(Cancellation)).Replace("\\u0027", "'", StringComparison.Ordinal));
        }

        var data = Path.Combine(silo.Root, "rows.csv");
        await File.WriteAllTextAsync(data, "x0,x1\n1,2\n", Cancellation);
        foreach (var job in new[] { "scorings", "detections", "evaluations" })
        {
            using var refused = await silo.Post($"/api/v1/{job}", JsonSerializer.Serialize(new { model, data, missing = "refuse" }));
            Assert.Equal((job, HttpStatusCode.ServiceUnavailable), (job, refused.StatusCode));
            Assert.Contains("is unloaded; POST", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        using (var loaded = await silo.Post($"/v2/repository/models/{model}/load", "{}")) Assert.Equal(HttpStatusCode.OK, loaded.StatusCode);
        Assert.Equal("2", await silo.Answers(model));
        Assert.False((await silo.Cluster.Describe(new(model, null), Cancellation)).IsUnloaded);
        using var unknown = await silo.Post("/v2/repository/models/nobody/load", "{}");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_repository_calls_no_version_ready_that_has_not_passed_its_self_test()
    {
        var model = silo.Publish("untried", versions: 1);
        silo.PublishWrong(model, version: 2);
        Assert.Equal(["READY", "UNAVAILABLE"], await States(model, ""));
    }

    [Fact]
    public async Task A_model_that_was_unloaded_and_deleted_comes_back_as_a_new_one()
    {
        var model = silo.Publish("again", versions: 1);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        await silo.Cluster.PointAlias(new(model, 1), "challenger", Cancellation);
        await silo.Cluster.Route(model, new TrafficRule("challenger", 500, IsShadow: false), Cancellation);
        using (var unloaded = await silo.Post($"/v2/repository/models/{model}/unload", "{}")) Assert.Equal(HttpStatusCode.OK, unloaded.StatusCode);
        await silo.Cluster.Route(model, rule: null, Cancellation);
        foreach (var alias in new[] { "champion", "challenger" }) await silo.Cluster.RemoveAlias(model, alias, Cancellation);
        await silo.Cluster.DeleteModel(new(model, null), Cancellation);
        silo.Publish("again", versions: 2);
        for (var i = 0; i < 20; i++) Assert.Equal("2", await silo.Answers(model));
        var registration = await silo.Cluster.Registration(model, Cancellation);
        Assert.Equal((0, null, false), (registration.Aliases.Count, registration.Traffic, registration.IsUnloaded));
    }

    [Fact]
    public async Task Statistics_count_what_a_version_has_answered()
    {
        var model = silo.Publish("counted", versions: 1);
        for (var i = 0; i < 3; i++) await silo.Answers(model);
        using (var bad = await silo.Post($"/v2/models/{model}/infer", """{"inputs":[]}""")) Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        var statistics = (await silo.Http.GetFromJsonAsync<JsonElement>(new Uri(silo.Url, $"/v2/models/{model}/stats"), Cancellation)).GetProperty("model_stats")[0];
        Assert.Equal((model, "1", 3), (statistics.GetProperty("name").GetString(), statistics.GetProperty("version").GetString(), statistics.GetProperty("inference_count").GetInt32()));
        var durations = statistics.GetProperty("inference_stats");
        Assert.Equal((3, 1, 3, 3), (Count("success"), Count("fail"), Count("queue"), Count("compute_infer")));
        Assert.True(durations.GetProperty("success").GetProperty("ns").GetInt64() >= durations.GetProperty("compute_infer").GetProperty("ns").GetInt64());

        int Count(string part) => durations.GetProperty(part).GetProperty("count").GetInt32();
    }

    private async Task<string[]> States(string model, string body)
    {
        while (true)
        {
            using var answer = await silo.Post("/v2/repository/index", body);
            var lines = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            string[] states = [.. lines.EnumerateArray().Where(line => line.GetProperty("name").GetString() == model).Select(line => line.GetProperty("state").GetString()!)];
            if (!states.Contains("LOADING")) return states; // it waits a second for those that nobody has asked yet
        }
    }
}
