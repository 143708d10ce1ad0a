using System.Reflection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlowGrain.Silo;

/// <summary>Where a silo's spans and instruments go.</summary>
internal static class TelemetryHosting
{
    private const string ServiceName = "flowgrain";

    private static readonly string Version = typeof(TelemetryHosting).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    extension(WebApplicationBuilder builder)
    {
        /// <summary>Serves metrics to Prometheus, and exports everything over OTLP where Otlp:Endpoint is set.</summary>
        internal WebApplicationBuilder AddTelemetry()
        {
            var endpoint = builder.Configuration.GetSection(OtlpOptions.Section).Get<OtlpOptions>()?.Endpoint;
            builder.Services.AddOpenTelemetry()
                .ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: Version))
                .WithTracing(traces =>
                {
                    traces.AddSource(FlowGrain.Telemetry.Name);
                    if (endpoint is { IsAbsoluteUri: true }) traces.AddOtlpExporter(otlp => otlp.Endpoint = endpoint);
                })
                .WithMetrics(metrics =>
                {
                    metrics.AddMeter(FlowGrain.Telemetry.Name, "Microsoft.Orleans").AddPrometheusExporter();
                    if (endpoint is { IsAbsoluteUri: true }) metrics.AddOtlpExporter(otlp => otlp.Endpoint = endpoint);
                });
            return builder;
        }
    }
}
