using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FlowGrain.Flows.Engines;
using FlowGrain.Serving;
using FlowGrain.Tests.Grains.Serving;
using FlowGrain.Tests.Silo.Api;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>
/// Requests as clients send them, byte for byte, and the answers that they got from the committed models of format 1. Whatever
/// changes here, a client somewhere sees. Those named client-… are what FlowGrain.Client 0.1.0 sent, as a proxy saw it. A request
/// without its answer gets one, to be looked at and committed.
/// </summary>
public sealed partial class GoldenTests(GoldenSilo silo) : IClassFixture<GoldenSilo>
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Silo", "Inference", "Golden");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Requests => [.. Directory.EnumerateFiles(Folder, "*.request").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Requests))]
    public async Task A_request_gets_the_answer_that_it_always_got(string name)
    {
        Assert.SkipUnless(KernelEngine.IsSupported, "This processor lacks AVX2, and computes other bits.");
        var (request, golden) = (await File.ReadAllBytesAsync(Path.Combine(Folder, $"{name}.request"), Cancellation), Path.Combine(Folder, $"{name}.response"));
        var answer = Unchanging(await Send(request));
        if (!File.Exists(golden))
        {
            await File.WriteAllBytesAsync(golden, answer, Cancellation);
            Assert.Fail($"{name}.response is new; look at it, and commit it.");
        }

        Assert.Equal(Encoding.Latin1.GetString(await File.ReadAllBytesAsync(golden, Cancellation)), Encoding.Latin1.GetString(answer));
    }

    private async Task<byte[]> Send(byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(silo.Url.Host, silo.Url.Port, Cancellation);
        await client.GetStream().WriteAsync(request, Cancellation);
        using var answer = new MemoryStream();
        await client.GetStream().CopyToAsync(answer, Cancellation); // each asks to close
        return answer.ToArray();
    }

    /// <summary>Without the time, the version of the program and the folder of the silo.</summary>
    private byte[] Unchanging(byte[] answer) => Encoding.Latin1.GetBytes(Rootless(Version().Replace(Date().Replace(Encoding.Latin1.GetString(answer), ""), "\"version\":\"-\"")));

    /// <summary>Without the folder, and without the length of the chunk that has it.</summary>
    private string Rootless(string answer) => answer.Contains(silo.Root) ? Chunk().Replace(answer.Replace(silo.Root, ""), "") : answer;

    [GeneratedRegex("Date: [^\r]*\r\n")]
    private static partial Regex Date();

    [GeneratedRegex(@"(?<=\r\n\r\n)[0-9a-f]+\r\n")]
    private static partial Regex Chunk();

    [GeneratedRegex("\"version\":\"[0-9][^\"]*\\.[^\"]*\"")]
    private static partial Regex Version();
}

/// <summary>A silo with the models of format 1, and <c>judge</c>: two independent normals, and what they gave a hundred rows.</summary>
public sealed class GoldenSilo : OneSilo
{
    public GoldenSilo() : this(Directory.CreateTempSubdirectory("flowgrain-test-").FullName)
    {
    }

    private GoldenSilo(string root) : base([], root)
    {
        var source = Path.Combine(Repository.Root, "tests", "Grains", "Serving", "format-1", "models");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(root, "models", Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        float[] norms = [.. Enumerable.Range(0, 100).Select(row => row / 20f)];
        StoredModels.In(root).Publish(StoredModels.Gaussian("judge") with { Reference = new Reference([.. norms.Select(norm => -4.5f - norm / 2)], norms) }, []);
    }
}
