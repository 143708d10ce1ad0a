using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FlowGrain.Silo.Inference.Grpc;

/// <summary>gRPC's own health check: healthy while the silo takes work, as <c>/readyz</c> has it.</summary>
internal sealed class SiloHealth(IHostApplicationLifetime life) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(life.TakesWork ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
}
