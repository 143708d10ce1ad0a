using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

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
        var path = $"datasets/uploads/{Convert.ToHexStringLower(SHA256.HashData(content))}/your.csv";
        disk.Fill();

        using var answer = await silo.Http.PutAsync(path, new ByteArrayContent(content), Cancellation);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
        Assert.Equal((HttpStatusCode.InsufficientStorage, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Matches("^The disk that holds '.+' is full; free some space and run the same command again\\.$", problem.GetProperty("detail").GetString());
        Assert.Empty(Left(silo.Root));

        disk.Free();
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.PutAsync(path, new ByteArrayContent(content), Cancellation)).StatusCode);
        Assert.Equal(["your.csv"], Left(silo.Root).Select(file => Path.GetFileName(file)));
    }

    private static string[] Left(string root) => Directory.Exists(Path.Combine(root, "uploads")) ? Directory.GetFiles(Path.Combine(root, "uploads"), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }) : [];

    private sealed class SiloOn(string root) : OneSilo([], root);
}
