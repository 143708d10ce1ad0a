using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Tests.Silo.Inference;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>Bulk jobs, and the files that they leave for a download.</summary>
public sealed class ScoringOrderTests(RegistrySilo silo) : IClassFixture<RegistrySilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("scorings", """{"model":"scorings","data":"FILE","format":"csv"}""")]
    [InlineData("detections", """{"model":"detections","data":"FILE","reference":"FILE","rate":0.1,"format":"csv"}""")]
    public async Task An_output_stays_that_of_the_version_that_its_answer_names(string path, string body)
    {
        var model = silo.Publish(path, versions: 2);
        await silo.Cluster.PointAlias(new(model, 1), "champion", Cancellation);
        var (version, output) = await Order(path, body);
        var before = await silo.Http.GetStringAsync($"scorings/{output}", Cancellation);
        await silo.Cluster.PointAlias(new(model, 2), "champion", Cancellation);
        var (next, other) = await Order(path, body);
        Assert.Equal((1, 2), (version, next));
        Assert.NotEqual(output, other);
        Assert.Equal(before, await silo.Http.GetStringAsync($"scorings/{output}", Cancellation));
        Assert.NotEqual(before, await silo.Http.GetStringAsync($"scorings/{other}", Cancellation));
    }

    [Fact]
    public async Task Clients_with_the_same_order_at_the_same_time_all_get_its_scores()
    {
        var model = silo.Publish("shared", versions: 1);
        var folder = Directory.CreateDirectory(Path.Combine(silo.Root, "fetched"));
        var data = Data();
        var outputs = Enumerable.Range(0, 30).Select(client => Path.Combine(folder.FullName, $"{client}.csv")).ToList();
        await Task.WhenAll(outputs.Select(output => silo.Cluster.Score(new ScoringPlan(model, null, data, MissingRows.Refuse, output, Latent: false), reading: null, Cancellation)));
        Assert.Single(outputs.Select(File.ReadAllText).Distinct());
    }

    [Fact]
    public async Task Scores_in_parts_come_as_a_folder_of_files_which_is_there_whole_or_not_at_all()
    {
        var (model, data, folder, merged) = (silo.Publish("parted", versions: 1), Data(), Path.Combine(silo.Root, "parted.csv"), Path.Combine(silo.Root, "merged.csv"));
        ScoringPlan Plan(string output) => new(model, null, data, MissingRows.Refuse, output, Latent: false);
        await silo.Cluster.Score(Plan(merged), reading: null, Cancellation);
        await silo.Cluster.Score(Plan($"{folder}/"), reading: null, Cancellation);
        await silo.Cluster.Score(Plan($"{folder}/"), reading: null, Cancellation); // in the place of the first
        Assert.Equal(["part-00000.csv"], Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName));
        Assert.Equal(await File.ReadAllTextAsync(merged, Cancellation), await File.ReadAllTextAsync(Path.Combine(folder, "part-00000.csv"), Cancellation));

        await File.WriteAllTextAsync(Path.Combine(folder, "notes.txt"), "mine", Cancellation);
        Assert.Contains("holds 'notes.txt', which is no part of earlier scores", (await Assert.ThrowsAsync<BadInputException>(() => silo.Cluster.Score(Plan($"{folder}/"), reading: null, Cancellation))).Message);
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(folder).Count());
    }

    private async Task<(int Version, string Output)> Order(string path, string body)
    {
        using var content = new StringContent(body.Replace("FILE", Data(), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
        using var answer = await silo.Http.PostAsync(path, content, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return (json.GetProperty("version").GetInt32(), json.GetProperty("output").GetString()!);
    }

    private string Data()
    {
        var path = Path.Combine(silo.Root, "rows.csv");
        if (!File.Exists(path)) File.WriteAllLines(path, ["x0,x1", .. Enumerable.Range(0, 500).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row % 23 / 10.0},{row % 17 / 10.0}"))]);
        return path;
    }
}
