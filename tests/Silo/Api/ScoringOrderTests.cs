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

    [Fact]
    public async Task Scores_of_draws_are_estimates_by_name_and_one_draw_gives_the_usual_density()
    {
        var model = silo.PublishWhole("ordered");
        var data = Path.Combine(silo.Root, "whole.csv");
        await File.WriteAllLinesAsync(data, ["x0,x1", .. Enumerable.Range(0, 50).Select(row => $"{row % 3},{row % 2}")], Cancellation);
        var (usual, one, many) = (await Scores(""), await Scores(""","dequantiseDraws":1"""), await Scores(""","dequantiseDraws":64"""));
        Assert.Equal(("row,log_prob", "row,log_prob_bin_estimate", "row,log_prob_bin_estimate"), (usual[0], one[0], many[0]));
        Assert.All(usual[1..].Zip(one[1..]), pair => Assert.Equal(Score(pair.First), Score(pair.Second), 1e-5)); // the steps are 1
        Assert.NotEqual(one[1..], many[1..]);

        static double Score(string line) => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture);

        async Task<string[]> Scores(string draws)
        {
            var (_, output) = await Order("scorings", $$"""{"model":"{{model}}","data":"FILE","format":"csv"{{draws}}}""", data);
            return (await silo.Http.GetStringAsync($"scorings/{output}", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private async Task<(int Version, string Output)> Order(string path, string body, string? data = null)
    {
        using var content = new StringContent(body.Replace("FILE", data ?? Data(), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json");
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
