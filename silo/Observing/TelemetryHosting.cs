using FlowGrain.Serving;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace FlowGrain.Silo.Observing;

/// <summary>Where a silo's spans, instruments and log lines go.</summary>
internal static class TelemetryHosting
{
    private const string ServiceName = "flowgrain";
    private const string Orleans = "Microsoft.Orleans";

    private static readonly string[] Unlisted = ["/metrics", "/livez", "/startupz", "/readyz"]; // asked every few seconds, and of no interest

    extension(WebApplicationBuilder builder)
    {
        /// <summary>Serves metrics to Prometheus, exports everything over OTLP where Otlp:Endpoint is set, and logs as JSON where that is asked for.</summary>
        internal WebApplicationBuilder AddTelemetry()
        {
            builder.Services.Insert(0, ServiceDescriptor.Singleton<ConsoleFormatter, JsonLog>()); // the first of a name is taken, and .NET has one of that name
            builder.Services.AddSingleton<ConsoleFormatter, TextLog>();
            var telemetry = builder.Services.AddInstruments().WithMetrics(metrics => metrics.AddPrometheusExporter());
            if (builder.AddOtlpOptions() is { } otlp) telemetry.Export(otlp).WithTracing(traces => traces.AddAspNetCoreInstrumentation(http => http.Filter = context => !Unlisted.Contains(context.Request.Path.Value)));
            return builder;
        }
    }

    extension(WebApplication app)
    {
        /// <summary>Before all that answers requests.</summary>
        internal void TraceFailedRequests() => app.Use(next => context => FailedRequests.Trace(context, next));
    }

    extension(IHostApplicationBuilder builder)
    {
        /// <summary>Exports everything over OTLP where Otlp:Endpoint is set.</summary>
        internal void AddOtlp()
        {
            if (builder.AddOtlpOptions() is { } otlp) builder.Services.AddInstruments().Export(otlp);
        }

        /// <summary>Checks where OTLP goes; null is nowhere.</summary>
        private OtlpOptions? AddOtlpOptions()
        {
            builder.Services.AddOptions<OtlpOptions>().BindConfiguration(OtlpOptions.Section).ValidateOnStart();
            builder.Services.TryAddEnumerable([ServiceDescriptor.Singleton<IValidateOptions<OtlpOptions>, OtlpRules>(), UnknownSettings<OtlpOptions>.In(OtlpOptions.Section)]);
            return builder.Configuration.GetSection(OtlpOptions.Section).Get<OtlpOptions>() is { Endpoint.IsAbsoluteUri: true } otlp ? otlp : null; // what is wrong is said when it starts
        }
    }

    private static OpenTelemetryBuilder AddInstruments(this IServiceCollection services) => services.AddOpenTelemetry()
        .ConfigureResource(resource => resource
            .AddService(ServiceName, serviceVersion: FlowGrain.Telemetry.Version, autoGenerateServiceInstanceId: false)
            .AddDetector(provider => new SiloResource(provider.GetRequiredService<ILocalSiloDetails>())))
        .WithMetrics(metrics => metrics
            .AddMeter(FlowGrain.Telemetry.Name, Orleans, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddInstrumentation(provider => new ModelInfo(provider.GetRequiredService<ModelStore>(), provider.GetRequiredService<KnownModels>())));

    private static OpenTelemetryBuilder Export(this OpenTelemetryBuilder telemetry, OtlpOptions otlp) => telemetry
        .WithTracing(traces => traces
            .AddSource(FlowGrain.Telemetry.Name, $"{Orleans}.Application")
            .SetSampler(provider => new ParentBasedSampler(new RootSampler(provider.GetRequiredService<TimeProvider>())))
            .AddOtlpExporter(exporter => Send(exporter, otlp, "traces")))
        .WithMetrics(metrics => metrics.AddOtlpExporter(exporter => Send(exporter, otlp, "metrics")))
        .WithLogging(logs => logs.AddProcessor(new LogFields()).AddOtlpExporter(exporter => Send(exporter, otlp, "logs")), logs => logs.IncludeFormattedMessage = true);

    private static void Send(OtlpExporterOptions exporter, OtlpOptions otlp, string signal) =>
        (exporter.Protocol, exporter.Endpoint, exporter.Headers) = (otlp.IsHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc, otlp.Of(signal), otlp.Headers);

    /// <summary>Which silo says it: its address, as spans and the API have it.</summary>
    private sealed class SiloResource(ILocalSiloDetails local) : IResourceDetector
    {
        public Resource Detect() => new([new("service.instance.id", local.SiloAddress.ToParsableString())]);
    }
}
