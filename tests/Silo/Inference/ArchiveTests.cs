using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Versions of models as files, out of a real silo and into it. Each test has a model of its own.</summary>
public sealed class ArchiveTests(RegistrySilo silo) : IClassFixture<RegistrySilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_archive_becomes_the_next_version_elsewhere_with_the_same_answers()
    {
        var (model, path) = (silo.Publish("packed", versions: 2), Path.GetTempFileName());
        await silo.Cluster.ExportModel(new(model, 1), path, Cancellation);
        var first = await File.ReadAllBytesAsync(path, Cancellation);
        await silo.Cluster.ExportModel(new(model, 1), path, Cancellation);
        Assert.Equal(first, await File.ReadAllBytesAsync(path, Cancellation)); // the same version, the same bytes
        Assert.Equal("packed", ModelArchive.NameIn(path));

        var imported = await silo.Cluster.ImportModel("unpacked", path, Cancellation);
        Assert.Equal(("unpacked", 1), (imported.Name, imported.Version));
        Assert.Equal(silo.Score(1), await Score("unpacked"));
        Assert.Equal(1, (await silo.Cluster.ImportModel("unpacked", path, Cancellation)).Version); // which is there already
        await silo.Cluster.ExportModel(new(model, 2), path, Cancellation);
        Assert.Equal(2, (await silo.Cluster.ImportModel("unpacked", path, Cancellation)).Version);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(silo.Root, "uploads")));
        File.Delete(path);
    }

    public static TheoryData<string, string> BadArchives => new()
    {
        { "text", "no archive of a model that can be used" },
        { "empty", "run.json is missing" },
        { "outside", "it has a file '../../evil', which no model has" },
        { "bomb", "run.json would come to" },
        { "many", "it has 65 files, and a model has 64 at most" },
        { "flipped", "do not have the checksum" },
    };

    [Theory, MemberData(nameof(BadArchives))]
    public async Task An_archive_that_is_none_leaves_nothing_behind(string kind, string why)
    {
        var model = silo.Publish("source", versions: 1);
        var folder = Path.Combine(silo.Root, "models", model, "1");
        (string, byte[])[] files = [.. Directory.EnumerateFiles(folder).Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))];
        var archive = kind switch
        {
            "text" => "not a zip"u8.ToArray(),
            "empty" => TempFolder.Zip(CompressionLevel.Fastest),
            "outside" => TempFolder.Zip(CompressionLevel.Fastest, [.. files, ("../../evil", [1])]),
            "many" => TempFolder.Zip(CompressionLevel.Fastest, [.. files, .. Enumerable.Range(0, 65 - files.Length).Select(number => ($"more-{number}", new byte[] { 1 }))]),
            "bomb" => TempFolder.Zip(CompressionLevel.SmallestSize, ("run.json", new byte[64 << 20])),
            _ => TempFolder.Zip(CompressionLevel.Fastest, [.. files.Select(file => file.Item1 == "model.safetensors" ? (file.Item1, Flipped(file.Item2)) : file)]),
        };
        using var answer = await silo.Http.PostAsync(new Uri(silo.Url, $"/api/v1/models/bad-{kind}/archive"), new ByteArrayContent(archive), Cancellation);
        var text = (await answer.Content.ReadAsStringAsync(Cancellation)).Replace("\\u0027", "'", StringComparison.Ordinal);
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest && text.Contains(why, StringComparison.Ordinal), text);
        Assert.DoesNotContain($"bad-{kind}", (await silo.Cluster.Models(Cancellation)).Select(one => one.Name));
        Assert.False(Directory.Exists(Path.Combine(silo.Root, "models", $"bad-{kind}")));
    }

    private static byte[] Flipped(byte[] bytes)
    {
        bytes[^5] ^= 1;
        return bytes;
    }

    /// <summary>What a model says of the row (0.5, 0.25).</summary>
    private async Task<float> Score(string model)
    {
        var row = new { inputs = new[] { new { name = "x", shape = new[] { 1, 2 }, datatype = "FP32", data = new[] { 0.5, 0.25 } } } };
        using var answer = await silo.Http.PostAsJsonAsync(new Uri(silo.Url, $"/v2/models/{model}/infer"), row, Cancellation);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("outputs")[0].GetProperty("data")[0].GetSingle();
    }
}
