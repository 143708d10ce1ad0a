using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FlowGrain.Api;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>A silo whose disk has no room left.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_upload_is_a_problem_507_with_a_sentence_leaves_nothing_and_succeeds_once_there_is_room()
    {
        using var disk = new SmallDisk(kilobytes: 4096);
        await using var silo = new SiloOn(disk.In("store"));
        await silo.InitializeAsync();
        var content = new byte[3 << 20];
        disk.Fill();

        using var answer = await silo.Http.PostAsync("datasets?name=your.csv", new ByteArrayContent(content), Cancellation);
        await RequireFull(answer);
        Assert.Empty(Left(silo.Root));

        disk.Free();
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.PostAsync("datasets?name=your.csv", new ByteArrayContent(content), Cancellation)).StatusCode);
        Assert.Contains("your.csv", Left(silo.Root).Select(file => Path.GetFileName(file)));
    }

    [Fact]
    public async Task An_upload_in_blocks_is_refused_before_one_is_sent_and_leaves_nothing()
    {
        using var disk = new SmallDisk(kilobytes: 4096);
        await using var silo = new SiloOn(disk.In("store"));
        await silo.InitializeAsync();
        var content = new byte[5 << 20];
        var order = new UploadOrder("your.csv", [new("your.csv", content.Length, [Convert.ToHexStringLower(SHA256.HashData(content))])]);
        using var answer = await silo.Http.PostAsJsonAsync("datasets/uploads", order, ApiJson.Options, Cancellation);
        await RequireFull(answer);
        Assert.Empty(Left(silo.Root));
    }

    private static async Task RequireFull(HttpResponseMessage answer)
    {
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal((HttpStatusCode.InsufficientStorage, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Matches("^The disk that holds '.+' is full; free some space and run the same command again\\.$", problem.GetProperty("detail").GetString());
    }

    private static string[] Left(string root) => Directory.Exists(Path.Combine(root, "uploads")) ? Directory.GetFiles(Path.Combine(root, "uploads"), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }) : [];

    private sealed class SiloOn(string root) : OneSilo([], root);
}
