using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Bench.Observing;

/// <summary>An OTLP collector that keeps what it gets, over gRPC and over http/protobuf, on ports that were free.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private const int Framing = 5; // bytes before a message of gRPC: a flag and the length
    private const string Services = "/opentelemetry.proto.collector.";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ResourceSpans> _traces = [];
    private readonly ConcurrentQueue<ResourceMetrics> _metrics = [];
    private readonly ConcurrentQueue<ResourceLogs> _logs = [];
    private TaskCompletionSource _next = NewSignal();

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>Where gRPC is spoken.</summary>
    internal Uri Grpc => Address(0);

    /// <summary>Where http/protobuf is spoken.</summary>
    internal Uri Http => Address(1);

    /// <summary>The spans so far, each with who sent it.</summary>
    internal IEnumerable<(Span Span, Resource From)> Spans => _traces.SelectMany(sent => sent.ScopeSpans.SelectMany(scope => scope.Spans.Select(span => (span, sent.Resource))));

    /// <summary>The metrics so far, each with who sent it.</summary>
    internal IEnumerable<(Metric Metric, Resource From)> Metrics => _metrics.SelectMany(sent => sent.ScopeMetrics.SelectMany(scope => scope.Metrics.Select(metric => (metric, sent.Resource))));

    /// <summary>The log lines so far, each with who sent it.</summary>
    internal IEnumerable<(LogRecord Line, Resource From)> Logs => _logs.SelectMany(sent => sent.ScopeLogs.SelectMany(scope => scope.LogRecords.Select(line => (line, sent.Resource))));

    /// <summary>The value of the header x-key in the last request; null without.</summary>
    internal string? Key { get; private set; }

    /// <summary>Whether what comes is kept; else it is read and forgotten.</summary>
    internal bool Keeps { get; init; } = true;

    /// <summary>Starts one.</summary>
    internal static async Task<OtlpReceiver> Start(bool keeps = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var receiver = new OtlpReceiver(builder.Build()) { Keeps = keeps };
        receiver.Map("trace.v1.TraceService", "traces", bytes => Keep(TraceExport.Parser.ParseFrom(bytes).ResourceSpans, receiver._traces));
        receiver.Map("metrics.v1.MetricsService", "metrics", bytes => Keep(MetricsExport.Parser.ParseFrom(bytes).ResourceMetrics, receiver._metrics));
        receiver.Map("logs.v1.LogsService", "logs", bytes => Keep(LogsExport.Parser.ParseFrom(bytes).ResourceLogs, receiver._logs));
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Returns when what it has got is enough.</summary>
    internal async Task Until(Func<bool> isEnough, CancellationToken cancellation)
    {
        while (true)
        {
            var next = Volatile.Read(ref _next).Task; // before the look, so that nothing is missed between the two
            if (isEnough()) return;
            await next.WaitAsync(cancellation);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Uri Address(int index) => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(index));

    private void Map(string service, string signal, Action<ReadOnlySpan<byte>> take)
    {
        _app.MapPost($"/v1/{signal}", async context => Take(context, (await Body(context)).Span, take));
        _app.MapPost($"{Services}{service}/Export", async context =>
        {
            var body = await Body(context);
            for (var rest = body; rest.Length > 0;)
            {
                var length = BinaryPrimitives.ReadInt32BigEndian(rest.Span[1..Framing]);
                Take(context, rest.Span.Slice(Framing, length), take);
                rest = rest[(Framing + length)..];
            }

            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[Framing]); // an answer without fields
            context.Response.AppendTrailer("grpc-status", "0");
        });
    }

    private static async Task<ReadOnlyMemory<byte>> Body(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private void Take(HttpContext context, ReadOnlySpan<byte> message, Action<ReadOnlySpan<byte>> take)
    {
        Key = context.Request.Headers["x-key"];
        if (!Keeps) return;
        take(message);
        Interlocked.Exchange(ref _next, NewSignal()).SetResult();
    }

    private static void Keep<T>(IEnumerable<T> sent, ConcurrentQueue<T> kept)
    {
        foreach (var part in sent) kept.Enqueue(part);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
