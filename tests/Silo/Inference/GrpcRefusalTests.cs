using FlowGrain.Silo.Inference.Grpc;
using FlowGrain.Tests.Cluster;
using FlowGrain.Tests.Silo.Api;
using FlowGrain.Tests.Silo.Security;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Who is not let in over gRPC learns it as gRPC says it.</summary>
public sealed class GrpcRefusalTests(GuardedGrpcSilo silo, SecureSilo secure) : IClassFixture<GuardedGrpcSilo>, IClassFixture<SecureSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refusal_has_its_status_and_sentence_and_health_needs_no_key()
    {
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(silo.Channel);
        Assert.True((await client.ServerLiveAsync(new(), cancellationToken: Cancellation)).Live);
        Assert.False((await client.ServerReadyAsync(new(), cancellationToken: Cancellation)).Ready); // there are no models
        var keyless = await Refused([]);
        Assert.Equal(StatusCode.Unauthenticated, keyless.StatusCode);
        Assert.Equal("This cluster wants a key: 'Authorization: Bearer KEY', or the variable FLOWGRAIN_API_KEY of the command line.", keyless.Status.Detail);
        await silo.Logs("POST /inference.GRPCInferenceService/ServerMetadata 401");
        Assert.Equal(StatusCode.PermissionDenied, (await Refused(new() { { "authorization", "Bearer look" }, { "origin", "http://elsewhere.example.org" } })).StatusCode);
        var often = await Refused(new() { { "authorization", "Bearer look" } });
        Assert.Equal(StatusCode.ResourceExhausted, often.StatusCode);
        Assert.Contains("The key ada asks more often than this silo allows", often.Status.Detail, StringComparison.Ordinal);

        Task<RpcException> Refused(Metadata headers) => Assert.ThrowsAsync<RpcException>(async () => await client.ServerMetadataAsync(new(), headers, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_sentence_names_folders_by_their_settings()
    {
        using var handler = secure.Ca.Believer();
        using var channel = GrpcChannel.ForAddress(secure.Secure, new() { HttpHandler = handler });
        var fault = await Assert.ThrowsAsync<RpcException>(async () => await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelReadyAsync(new() { Name = "nobody" }, cancellationToken: Cancellation));
        Assert.Equal((StatusCode.NotFound, "There is no model 'nobody', and no other under 'Storage:Root/models'; train one first."), (fault.StatusCode, fault.Status.Detail));
    }

    [Fact]
    public async Task It_is_healthy_while_it_takes_work()
    {
        using var life = new Life();
        var health = new SiloHealth(life);
        Assert.Equal(HealthStatus.Unhealthy, await Status());
        await life.Started.CancelAsync();
        Assert.Equal(HealthStatus.Healthy, await Status());
        life.StopApplication();
        Assert.Equal(HealthStatus.Unhealthy, await Status());

        async Task<HealthStatus> Status() => (await health.CheckHealthAsync(new(), Cancellation)).Status;
    }

    private sealed class Life : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationTokenSource Started { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose()
        {
            Started.Dispose();
            _stopping.Dispose();
        }
    }
}

/// <summary>A silo with gRPC that wants a key, and lets one caller ask once a second.</summary>
public sealed class GuardedGrpcSilo : OneSilo, IDisposable
{
    public GuardedGrpcSilo() : this($"http://127.0.0.1:{Ports.Free()}")
    {
    }

    private GuardedGrpcSilo(string grpc)
        : base([$"Http:GrpcUrls={grpc}", "Auth:Keys:0:Name=ada", $"Auth:Keys:0:Sha256={Sha256("look")}", "Limits:RequestsPerSecond=1"]) => Channel = GrpcChannel.ForAddress(grpc);

    internal GrpcChannel Channel { get; }

    public void Dispose() => Channel.Dispose();
}
