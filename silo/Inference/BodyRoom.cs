using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Inference.Grpc;
using FlowGrain.Silo.Security;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Inference;

/// <summary>Room for the bodies of requests that are answered at the same time: whatever clients send, a silo's memory is bounded.</summary>
internal sealed class BodyRoom(IOptions<ServingOptions> options, TimeProvider clock)
{
    private const int SmallBytes = 64 << 10; // of a body that has room at once: to count it as it is read would cost more

    private static readonly MinDataRate LeastRate = new(bytesPerSecond: 16 << 10, gracePeriod: TimeSpan.FromSeconds(10)); // of what has room in memory, there and back

    private long _taken;

    /// <summary>Whether the body of a request is held in memory, and nothing but this bounds how many are.</summary>
    internal static bool Bounds(HttpContext context) => context.Request is var request &&
        (request.Path.StartsWithSegments(InferenceEndpoints.Root) || Gate.IsLogDensities(request.Path) || GrpcStatuses.IsCall(request));

    /// <summary>Lets a request in while there is room for its body. Whoever sends or reads too slowly is sent away: others wait for the room.</summary>
    internal async Task Admit(HttpContext context, RequestDelegate next)
    {
        using var taken = new TakenRoom(this);
        context.Features.Set(taken);
        if (context.Request.ContentLength is { } length and <= SmallBytes && context.Request.Headers.ContentEncoding.Count == 0) taken.Grow(length);
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } read) await Hurried(context, read, next);
        else await Paced(context, next);
    }

    /// <summary>On a connection that is the request's alone the server knows how fast it is.</summary>
    private static Task Hurried(HttpContext context, IHttpMinResponseDataRateFeature read, RequestDelegate next)
    {
        read.MinDataRate = LeastRate;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } sent) sent.MinDataRate = LeastRate;
        return next(context);
    }

    /// <summary>On one that many requests share, as HTTP/2 has it, it knows no rate of each. The answer is sent before its room is given back.</summary>
    private async Task Paced(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        var answer = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        request.Body = new PacedBody(request.Body, LeastRate, clock, () => TooSlow(request));
        response.Body = new PacedBody(response.Body, LeastRate, clock, () => GivenUp(context));
        try
        {
            await next(context);
            if (response.BodyWriter is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 } writer) await writer.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Features.Set(answer); // faults are answered at once
        }
    }

    private static Exception TooSlow(HttpRequest request) => GrpcStatuses.IsCall(request)
        ? new RpcException(new Status(StatusCode.DeadlineExceeded, RequestFaults.SlowBody))
        : new Microsoft.AspNetCore.Http.BadHttpRequestException(RequestFaults.SlowBody, StatusCodes.Status408RequestTimeout);

    private static OperationCanceledException GivenUp(HttpContext context)
    {
        context.Abort(); // nothing more can be said to who does not read
        return new OperationCanceledException("The answer was read too slowly.");
    }

    /// <summary>Takes room for a body as it is read, unpacked, where it has none yet: who only says that much will come takes nothing from others.</summary>
    internal static Task Count(HttpContext context, RequestDelegate next)
    {
        var taken = context.Features.GetRequiredFeature<TakenRoom>();
        if (taken.Bytes == 0) context.Request.Body = new CountedBody(context.Request.Body, Counting(context.Request, taken));
        return next(context);
    }

    private static Action<ReadOnlySpan<byte>> Counting(HttpRequest request, TakenRoom taken)
    {
        if (!GrpcStatuses.IsCall(request)) return bytes => taken.Grow(bytes.Length);
        var fields = new WireFields();
        return GrpcStatuses.Translated(bytes =>
        {
            taken.Grow(bytes.Length);
            fields.Count(bytes);
        });
    }

    /// <summary>Takes more room for a body that has some.</summary>
    /// <exception cref="OverloadedException">There is none; one body alone always finds room.</exception>
    internal void Take(long more, long own)
    {
        var (most, taken) = (options.Value.BodyBytes, Interlocked.Add(ref _taken, more));
        if (taken <= most || taken == own + more) return;
        Give(more);
        Telemetry.Rejections.Add(1);
        throw new OverloadedException($"Requests of {taken - more} bytes are answered on this silo right now, of {most} that may; ask again in a second, or another silo.");
    }

    /// <summary>Room for what no client waits for: of the half that is left to it. Null where that is taken.</summary>
    internal TakenRoom? Spare(long bytes)
    {
        for (var taken = Volatile.Read(ref _taken); taken + bytes <= options.Value.BodyBytes / 2;)
        {
            var before = Interlocked.CompareExchange(ref _taken, taken + bytes, taken);
            if (before == taken) return new TakenRoom(this, bytes);
            taken = before;
        }

        return null;
    }

    /// <summary>Gives room back.</summary>
    internal void Give(long bytes) => Interlocked.Add(ref _taken, -bytes);
}

/// <summary>The room that one request has, until it is disposed.</summary>
/// <param name="room">Of which it is.</param>
/// <param name="bytes">How much is taken already.</param>
internal sealed class TakenRoom(BodyRoom room, long bytes = 0) : IDisposable
{
    private const long MostNumbers = ApiHosting.LargestBody / sizeof(float); // as many as a body of bytes has
    private const int NumberBytes = sizeof(double) + sizeof(long); // it may be asked for as either

    /// <summary>How much it has.</summary>
    internal long Bytes { get; private set; } = bytes;

    /// <summary>Takes more.</summary>
    /// <exception cref="OverloadedException">There is none.</exception>
    internal void Grow(long bytes)
    {
        room.Take(bytes, Bytes);
        Bytes += bytes;
    }

    /// <summary>Takes more for numbers that come one by one, as text or packed.</summary>
    /// <exception cref="BadInputException">They are more than a request may have.</exception>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    internal void GrowByNumbers(long numbers)
    {
        Require(numbers);
        Grow(numbers * NumberBytes);
    }

    /// <summary>Takes more for numbers that came as bytes, of any type, and are read as float64.</summary>
    /// <exception cref="BadInputException">They are more than a request may have.</exception>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    internal void GrowByDoubles(long numbers)
    {
        Require(numbers);
        Grow(numbers * sizeof(double));
    }

    private static void Require(long numbers)
    {
        if (numbers > MostNumbers) throw new BadInputException($"The request has {numbers} numbers, of {MostNumbers} that it may; send fewer.");
    }

    public void Dispose()
    {
        room.Give(Bytes);
        Bytes = 0;
    }
}

/// <summary>Makes requests ask for room.</summary>
internal static class BodyRoomHosting
{
    extension(IApplicationBuilder app)
    {
        /// <summary>Lets requests in while there is room for their bodies, and unpacks them.</summary>
        internal void UseBodyRoom() => app.UseWhen(BodyRoom.Bounds, bounded =>
        {
            var room = bounded.ApplicationServices.GetRequiredService<BodyRoom>();
            bounded.Use(GrpcStatuses.RefusePacked);
            bounded.Use(room.Admit);
            bounded.UseRequestDecompression();
            bounded.Use(BodyRoom.Count);
        });
    }
}
