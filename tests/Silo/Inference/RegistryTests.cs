using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Aliases, swaps and archives on a real silo. Each test has a model of its own.</summary>
public sealed class RegistryTests(RegistrySilo silo) : IClassFixture<RegistrySilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_champion_answers_where_no_version_is_named_and_a_rollback_takes_it_back()
    {
        var model = silo.Publish("aliased", versions: 3);
        Assert.Equal("3", await silo.Answers(model)); // the newest, while there is no champion
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        Assert.Equal("1", await silo.Answers(model));
        Assert.Equal(silo.Score(1), (await silo.Ask(model, RegistrySilo.Row)).GetProperty("outputs")[0].GetProperty("data")[0].GetSingle());
        await silo.Cluster.PointAlias(new(model, 2), "champion", Cancellation);
        await silo.Cluster.PointAlias(new(model, 2), "champion", Cancellation); // once more changes nothing
        Assert.Equal("2", await silo.Answers(model));
        Assert.Equal("2", await silo.Answers($"{model}/versions/champion"));
        var registration = await silo.Cluster.RollBackAlias(model, "champion", Cancellation);
        Assert.Equal("1", await silo.Answers(model));
        Assert.Equal(
            [(RegistryChangeKind.Pointed, 1), (RegistryChangeKind.Pointed, 2), (RegistryChangeKind.RolledBack, 1)],
            registration.History.Select(change => (change.Kind, change.Version!.Value)));
        Assert.Contains("named nothing before", (await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.RollBackAlias(model, "champion", Cancellation))).Message, StringComparison.Ordinal);
        await silo.Cluster.RemoveAlias(model, "champion", Cancellation);
        Assert.Equal("3", await silo.Answers(model));
    }

    [Fact]
    public async Task A_rollback_that_is_asked_for_again_because_its_answer_was_lost_goes_back_once()
    {
        var model = silo.Publish("lost", versions: 3);
        foreach (var version in new[] { 1, 2, 3 }) await silo.Cluster.PointAlias(new(model, version), "champion", Cancellation);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var answer = await silo.Http.PostAsync(new Uri(silo.Url, $"/api/v1/models/{model}/aliases/champion/rollback?from=3"), null, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal("2", await silo.Answers(model));
    }

    [Fact]
    public async Task Who_moves_an_alias_that_somebody_else_has_moved_is_told()
    {
        var model = silo.Publish("raced", versions: 3);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        using var stale = await silo.Http.PutAsJsonAsync(new Uri(silo.Url, $"/api/v1/models/{model}/aliases/champion"), new { version = "3", expected = 2 }, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, stale.StatusCode);
        Assert.Contains("names version 1, and version 2 was expected", await stale.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var right = await silo.Http.PutAsJsonAsync(new Uri(silo.Url, $"/api/v1/models/{model}/aliases/champion"), new { version = "3", expected = 1 }, Cancellation);
        Assert.Equal(HttpStatusCode.OK, right.StatusCode);
    }

    [Fact]
    public async Task A_version_that_fails_its_self_test_answers_nobody_and_gets_no_alias()
    {
        var model = silo.Publish("wrong", versions: 1);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        silo.PublishWrong(model, version: 2);

        var refused = await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.PointAlias(new(model, 2), "champion", Cancellation));
        Assert.Contains("version 2 fails its self-test: golden row 0 has the log-density", refused.Message, StringComparison.Ordinal);
        Assert.Equal("1", await silo.Answers(model));
        using var asked = await silo.Post($"/v2/models/{model}/versions/2/infer", RegistrySilo.Row);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, asked.StatusCode);
        Assert.Contains("fails its self-test", await asked.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_champion_the_newest_version_that_passes_its_self_test_answers()
    {
        var model = silo.Publish("unready", versions: 1);
        silo.PublishWrong(model, version: 2);
        for (var i = 0; i < 3; i++) Assert.Equal("1", await silo.Answers(model));
        using var index = await silo.Http.PostAsync(new Uri(silo.Url, "/v2/repository/index"), null, Cancellation);
        var lines = JsonSerializer.Deserialize<JsonElement>(await index.Content.ReadAsStringAsync(Cancellation)).EnumerateArray().Where(line => line.GetProperty("name").GetString() == model);
        Assert.Equal(["READY", "UNAVAILABLE"], lines.OrderBy(line => line.GetProperty("version").GetString()).Select(line => line.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task An_alias_does_not_move_to_a_version_that_is_damaged_on_disk_and_sound_in_memory()
    {
        var model = silo.Publish("flipped", versions: 2);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        Assert.Equal("2", await silo.Answers($"{model}/versions/2"));
        var weights = Path.Combine(silo.Root, "models", model, "2", "model.safetensors");
        var bytes = await File.ReadAllBytesAsync(weights, Cancellation);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(weights, bytes, Cancellation);
        await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.PointAlias(new(model, 2), "champion", Cancellation));
        Assert.Equal("1", await silo.Answers(model));
    }

    [Fact]
    public async Task A_version_that_an_alias_names_is_not_deleted()
    {
        var model = silo.Publish("kept", versions: 2);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        Assert.Contains("champion of model 'kept' names version 1", (await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.DeleteModel(new(model, 1), Cancellation))).Message, StringComparison.Ordinal);
        Assert.Contains("champion of model 'kept' names version 1", (await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.DeleteModel(new(model, null), Cancellation))).Message, StringComparison.Ordinal);
        Assert.Equal("2", await silo.Answers($"{model}/versions/2"));
        await silo.Cluster.DeleteModel(new(model, 2), Cancellation);
        Assert.Equal("1", await silo.Answers(model));
    }

    [Fact]
    public async Task A_move_that_expects_what_the_alias_does_not_name_is_a_conflict_unless_it_is_the_last_one_again()
    {
        var model = silo.Publish("expecting", versions: 3);
        foreach (var (version, expected, status) in new[] { (1, 0, 200), (2, 1, 200), (2, 1, 200), (2, 2, 200), (2, 0, 409), (2, 3, 409), (3, 1, 409), (3, 2, 200), (3, 0, 409) })
        {
            using var moved = await silo.Http.PutAsJsonAsync(new Uri(silo.Url, $"/api/v1/models/{model}/aliases/champion"), new { version, expected }, Cancellation);
            Assert.Equal((version, expected, status), (version, expected, (int)moved.StatusCode));
        }
    }

    [Fact]
    public async Task A_deletion_that_is_asked_for_again_because_its_answer_was_lost_is_no_fault_and_one_of_what_never_was_is()
    {
        var model = silo.Publish("gone", versions: 2);
        foreach (var path in new[] { $"{model}?version=2", $"{model}?version=2", model, model }) Assert.Equal((path, HttpStatusCode.NoContent), (path, await Delete(path)));
        foreach (var path in new[] { $"{model}?version=3", "nobody" }) Assert.Equal((path, HttpStatusCode.NotFound), (path, await Delete(path)));

        async Task<HttpStatusCode> Delete(string path)
        {
            using var answer = await silo.Http.DeleteAsync(new Uri(silo.Url, $"/api/v1/models/{path}"), Cancellation);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task An_alias_takes_the_number_of_a_version_as_a_number_too()
    {
        var model = silo.Publish("numbered", versions: 2);
        foreach (var version in new object[] { 1, "2" })
        {
            using var moved = await silo.Http.PutAsJsonAsync(new Uri(silo.Url, $"/api/v1/models/{model}/aliases/champion"), new { version }, Cancellation);
            var registration = await moved.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            Assert.Equal($"{version}", registration.GetProperty("aliases").GetProperty("champion").GetRawText());
        }
    }

    [Fact]
    public async Task While_the_champion_changes_every_request_is_answered_by_the_version_that_it_names()
    {
        var model = silo.Publish("swapped", versions: 2);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        using var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => Load(model, over.Token)).ToList();
        for (var swap = 0; swap < 20; swap++)
        {
            var version = 1 + (swap + 1) % 2;
            await silo.Cluster.PointAlias(new(model, version), "champion", Cancellation);
            for (var i = 0; i < 10; i++) Assert.Equal($"{version}", await silo.Answers(model)); // as soon as the swap has returned
        }

        await over.CancelAsync();
        Assert.All(await Task.WhenAll(clients), answered => Assert.True(answered > 0));

        async Task<int> Load(string name, CancellationToken end)
        {
            var answered = 0;
            for (; !end.IsCancellationRequested; answered++)
            {
                var answer = await silo.Ask(name, RegistrySilo.Row);
                var version = int.Parse(answer.GetProperty("model_version").GetString()!, CultureInfo.InvariantCulture);
                Assert.Equal(silo.Score(version), answer.GetProperty("outputs")[0].GetProperty("data")[0].GetSingle());
            }

            return answered;
        }
    }

    [Fact]
    public async Task A_challenger_gets_its_part_of_the_requests_by_their_ids_and_a_shadow_changes_no_answer()
    {
        var model = silo.Publish("split", versions: 2);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        await silo.Cluster.PointAlias(new(model, 2), "challenger", Cancellation);
        await silo.Cluster.Route(model, new TrafficRule("challenger", 300, IsShadow: false), Cancellation);
        var versions = new Dictionary<string, string>();
        for (var i = 0; i < 200; i++) versions[$"id-{i}"] = await silo.Answers(model, $"id-{i}");
        Assert.InRange(versions.Values.Count(version => version == "2"), 35, 85); // 30% of 200 and four deviations
        foreach (var (id, version) in versions.Take(20)) Assert.Equal(version, await silo.Answers(model, id));
        Assert.Equal("1", await silo.Answers($"{model}/versions/1", "id-0"));
        var unnamed = new List<string>();
        for (var i = 0; i < 100; i++) unnamed.Add(await silo.Answers(model));
        Assert.Contains("2", unnamed);

        Assert.Contains("end that first", (await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.RemoveAlias(model, "challenger", Cancellation))).Message, StringComparison.Ordinal);
        await silo.Cluster.Route(model, new TrafficRule("challenger", 1000, IsShadow: true), Cancellation);
        for (var i = 0; i < 20; i++) Assert.Equal("1", await silo.Answers(model, $"id-{i}"));
        await silo.Metric($"flowgrain_serve_shadow_difference", $"flowgrain_model=\"{model}\"");
        await silo.Cluster.Route(model, null, Cancellation);
        Assert.Equal("1", await silo.Answers(model));
    }

    [Theory]
    [InlineData("PUT", "aliases/champion", "{}", "The body has no version")]
    [InlineData("PUT", "aliases/3", """{"version":"1"}""", "'3' cannot be an alias")]
    [InlineData("PUT", "traffic", """{"perMille":10}""", "The body has no alias")]
    [InlineData("PUT", "traffic", """{"alias":"champion","perMille":50}""", "'champion' answers every request of model 'strict' that no other alias gets")]
    [InlineData("PUT", "traffic", """{"alias":"champion","perMille":0}""", "0 of a thousand requests were asked for; take 1 to 1000.")]
    public async Task A_change_that_lacks_what_it_is_about_changes_nothing(string method, string path, string body, string sentence)
    {
        var model = silo.Publish("strict", versions: 1);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(silo.Url, $"/api/v1/models/{model}/{path}")) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        using var answer = await silo.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(sentence, (await answer.Content.ReadAsStringAsync(Cancellation)).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty((await silo.Cluster.Registration(model, Cancellation)).History);
    }
}
