using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using FlowGrain.Api;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>Uploads as a program meets them that knows no library of ours.</summary>
public sealed class UploadTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private static readonly byte[] Content = Noise(UploadFile.BlockBytes + 1000, seed: 1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_in_one_request_appears_whole_where_its_blocks_would()
    {
        const string Text = "a,b\n1,2\n";
        using var answer = await silo.Http.PostAsync("datasets?name=your.csv", new StringContent(Text), Cancellation);
        var taken = (await answer.Content.ReadFromJsonAsync<UploadState>(ApiJson.Options, Cancellation))!;
        Assert.Equal(Text, await File.ReadAllTextAsync(taken.Path!, Cancellation));
        Assert.Equal(["your.csv"], Directory.EnumerateFiles(Path.GetDirectoryName(taken.Path)!).Select(file => Path.GetFileName(file)));

        var announced = await Announce("your.csv", Encoding.UTF8.GetBytes(Text));
        Assert.Equal((taken.Id, taken.Path, 0), (announced.Id, announced.Path, announced.Missing.Length));
        Assert.Equal(HttpStatusCode.NoContent, (await silo.Http.DeleteAsync($"datasets/uploads/{taken.Id}", Cancellation)).StatusCode);
        Assert.False(File.Exists(taken.Path));
    }

    [Fact]
    public async Task Blocks_come_in_any_order_and_more_than_once_and_those_that_came_are_not_asked_for_again()
    {
        var begun = await Announce("blocks.csv", Content);
        Assert.Equal(Hashes(Content), begun.Missing);
        Assert.Null(begun.Path);
        Assert.Equal(HttpStatusCode.NoContent, (await Put(begun.Id, Content[UploadFile.BlockBytes..])).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await Put(begun.Id, Content[UploadFile.BlockBytes..])).StatusCode);
        Assert.Equal(Hashes(Content)[..1], (await Announce("blocks.csv", Content)).Missing);
        Assert.Equal(HttpStatusCode.NoContent, (await Put(begun.Id, Content[..UploadFile.BlockBytes])).StatusCode);
        var whole = await Announce("blocks.csv", Content);
        Assert.Equal(Content, await File.ReadAllBytesAsync(whole.Path!, Cancellation));
        Assert.Equal(HttpStatusCode.NoContent, (await Put(begun.Id, Content[UploadFile.BlockBytes..])).StatusCode); // late
    }

    [Fact]
    public async Task A_file_that_grew_lacks_its_new_blocks_alone()
    {
        byte[] before = Noise(2 * UploadFile.BlockBytes, seed: 2), grown = [.. before, .. Noise(10, seed: 3)];
        using var sent = await silo.Http.PostAsync("datasets?name=before.csv", new ByteArrayContent(before), Cancellation);
        var begun = await Announce("grown.csv", grown);
        Assert.Equal(Hashes(grown)[2..], begun.Missing);
        await Put(begun.Id, grown[^10..]);
        Assert.Equal(grown, await File.ReadAllBytesAsync((await Announce("grown.csv", grown)).Path!, Cancellation));
    }

    [Fact]
    public async Task What_is_not_the_announced_block_is_refused_and_counts_for_nothing()
    {
        var content = Noise(100, seed: 4);
        var (begun, sha256) = (await Announce("refused.csv", content), Hashes(content)[0]);
        await Refused(HttpStatusCode.BadRequest, "has the SHA-256", await Put(begun.Id, Noise(100, seed: 5), sha256));
        await Refused(HttpStatusCode.BadRequest, "has 100 bytes", await Put(begun.Id, content[..50], sha256));
        await Refused(HttpStatusCode.BadRequest, "has 100 bytes", await Put(begun.Id, [.. content, 1], sha256));
        await Refused(HttpStatusCode.NotFound, "has no block", await Put(begun.Id, Noise(100, seed: 5)));
        await Refused(HttpStatusCode.NotFound, "was announced", await Put(sha256, content));
        await Refused(HttpStatusCode.BadRequest, "has 100 bytes", await Put(begun.Id, new byte[UploadFile.BlockBytes + 1], sha256)); // before a byte of it is read
        Assert.Equal([sha256], (await Announce("refused.csv", content)).Missing);
    }

    [Theory, InlineData("../your.csv"), InlineData("/etc/your.csv"), InlineData("a//b.csv"), InlineData(".hidden"), InlineData("a/./b.csv"), InlineData("a\nb.csv"), InlineData("a\\b.csv"), InlineData("")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name)
    {
        await Refused(HttpStatusCode.BadRequest, "cannot name a file", await silo.Http.PostAsync($"datasets?name={Uri.EscapeDataString(name)}", new StringContent("x"), Cancellation));
        var order = new UploadOrder("x.csv", [new(name, 0, [])]);
        await Refused(HttpStatusCode.BadRequest, "cannot name a file", await silo.Http.PostAsJsonAsync("datasets/uploads", order, ApiJson.Options, Cancellation));
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing_of_itself()
    {
        Directory.CreateDirectory(Uploads);
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<Exception>(() => silo.Http.PostAsync("datasets?name=broken.csv", new BrokenContent(gone, Until(taken: true)), gone.Token));
        await Until(taken: false)();
        Assert.DoesNotContain(Directory.EnumerateFiles(silo.Root, "*", SearchOption.AllDirectories), file => file.EndsWith("broken.csv", StringComparison.Ordinal));
    }

    private string Uploads => Path.Combine(silo.Root, "uploads");

    /// <summary>Done when the silo is taking an upload in one request, or takes none any more.</summary>
    private Func<Task> Until(bool taken) => async () =>
    {
        while (Directory.EnumerateDirectories(Uploads, ".staging-*").Any() != taken) await silo.Http.GetAsync("", Cancellation);
    };

    private static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static string[] Hashes(byte[] content) => [.. content.Chunk(UploadFile.BlockBytes).Select(block => Convert.ToHexStringLower(SHA256.HashData(block)))];

    private async Task<UploadState> Announce(string name, byte[] content)
    {
        using var answer = await silo.Http.PostAsJsonAsync("datasets/uploads", new UploadOrder(name, [new(name, content.Length, [.. Hashes(content)])]), ApiJson.Options, Cancellation);
        return (await answer.Content.ReadFromJsonAsync<UploadState>(ApiJson.Options, Cancellation))!;
    }

    private async Task<HttpResponseMessage> Put(string id, byte[] block, string? sha256 = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"datasets/uploads/{id}/{sha256 ?? Hashes(block)[0]}") { Content = new ByteArrayContent(block) };
        request.Headers.ExpectContinue = true;
        return await silo.Http.SendAsync(request, Cancellation);
    }

    private static async Task Refused(HttpStatusCode status, string words, HttpResponseMessage answer)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(words, await answer.Content.ReadAsStringAsync(Cancellation));
        answer.Dispose();
    }

    /// <summary>Sends a part of what it promised, and then hangs up.</summary>
    private sealed class BrokenContent(CancellationTokenSource gone, Func<Task> taken) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1 << 20]);
            await stream.FlushAsync();
            await taken();
            await gone.CancelAsync();
            gone.Token.ThrowIfCancellationRequested();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 1 << 24;
            return true;
        }
    }
}
