using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Inference;

/// <summary>Room for the bodies of requests that are answered at the same time: whatever clients send, a silo's memory is bounded.</summary>
internal sealed class BodyRoom(IOptions<ServingOptions> options)
{
    private long _taken;

    /// <summary>Lets a request in while there is room for its body, before it is unpacked.</summary>
    internal async Task Admit(HttpContext context, RequestDelegate next)
    {
        using var taken = Take(Bytes(context.Request));
        await next(context);
    }

    /// <summary>Takes room for a body, until what is returned is disposed.</summary>
    /// <param name="bytes">Its length, unpacked.</param>
    /// <exception cref="OverloadedException">There is none; one body alone always finds room.</exception>
    internal IDisposable Take(long bytes)
    {
        var most = options.Value.BodyBytes;
        if (Interlocked.Add(ref _taken, bytes) is var taken && (taken <= most || taken == bytes)) return new Taken(this, bytes);
        Interlocked.Add(ref _taken, -bytes);
        Telemetry.Rejections.Add(1);
        throw new OverloadedException($"Requests of {taken - bytes} bytes are answered on this silo right now, of {most} that may; ask again in a second, or another silo.");
    }

    /// <summary>How long the body is, or may become where it is packed or its length is not told.</summary>
    private static long Bytes(HttpRequest request) =>
        request.ContentLength is { } length && request.Headers.ContentEncoding.Count == 0 ? length : HttpMethods.IsPost(request.Method) ? ApiHosting.LargestBody : 0;

    private sealed class Taken(BodyRoom room, long bytes) : IDisposable
    {
        private long _bytes = bytes;

        public void Dispose() => Interlocked.Add(ref room._taken, -Interlocked.Exchange(ref _bytes, 0));
    }
}
