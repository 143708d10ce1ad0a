using System.Net;
using System.Text;
using System.Text.Json;
using FlowGrain.Silo.Inference.Grpc;
using Grpc.Core;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Names of millions of characters are refused in a sentence like any other, which is not as long as they are.</summary>
public sealed class LongNamesTests(GrpcSilo silo) : IClassFixture<GrpcSilo>
{
    private const int Longest = 400; // of a sentence
    private const long Growth = 256 << 20;
    private static readonly string Name = new('n', 4_000_000);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory] // NAME is of four million characters, SIZES are a million, and FILE is one that the silo may read
    [InlineData("/v2/models/m/infer", """{"inputs":[{"name":"NAME","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("/v2/models/m/infer", """{"inputs":[{"name":"NAME","shape":[1,3],"datatype":"FP32","data":[1,2]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("/v2/models/m/infer", """{"inputs":[{"name":"NAME","shape":[1,2],"datatype":"NAME","data":[1,2]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{"name":"NAME"}]}""", HttpStatusCode.BadRequest)]
    [InlineData("/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[SIZES,2],"datatype":"FP32","data":[1,2]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("/v2/models/m/infer", """{"inputs":[{"name":"x","shape":[SIZES,3],"datatype":"FP32","data":[1,2]}]}""", HttpStatusCode.BadRequest)]
    [InlineData("/api/v1/evaluations", """{"model":"NAME","version":1,"data":"FILE","missing":"refuse"}""", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/scorings", """{"model":"NAME","data":"FILE","format":"csv"}""", HttpStatusCode.NotFound)]
    public async Task Over_http(string path, string body, HttpStatusCode status)
    {
        await File.WriteAllTextAsync(Path.Combine(silo.Root, "a.csv"), "x0,x1\n1,2\n", Cancellation);
        var whole = body.Replace("NAME", Name, StringComparison.Ordinal).Replace("SIZES", string.Join(',', Enumerable.Repeat('1', 1_000_000)), StringComparison.Ordinal).Replace("FILE", Path.Combine(silo.Root, "a.csv"), StringComparison.Ordinal);
        using var content = new StringContent(whole, Encoding.UTF8, "application/json");
        using var answer = await silo.Http.PostAsync(new Uri(silo.Url, path), content, Cancellation);
        Assert.Equal(status, answer.StatusCode);
        var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement;
        var sentence = (problem.TryGetProperty("detail", out var detail) ? detail : problem.GetProperty("error")).GetString()!;
        Assert.InRange(sentence.Length, 1, Longest);
        Assert.Contains("…", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Over_grpc_with_little_memory()
    {
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(silo.Channel);
        var before = silo.Resident;
        for (var i = 0; i < 3; i++)
        {
            var fault = await Assert.ThrowsAsync<RpcException>(async () => await client.ModelReadyAsync(new() { Name = Name }, cancellationToken: Cancellation));
            Assert.Equal(StatusCode.NotFound, fault.StatusCode);
            Assert.InRange(fault.Status.Detail.Length, 1, Longest);
            Assert.Contains("…", fault.Status.Detail, StringComparison.Ordinal);
        }

        var version = await Assert.ThrowsAsync<RpcException>(async () => await client.ModelReadyAsync(new() { Name = "m", Version = Name }, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.NotFound, version.StatusCode);
        Assert.InRange(version.Status.Detail.Length, 1, Longest);
        Assert.InRange(silo.Resident - before, long.MinValue, Growth);
    }
}
