using System.Net.ServerSentEvents;
using System.Reflection;
using System.Runtime.CompilerServices;
using FlowGrain.Data;
using Microsoft.AspNetCore.Http.Metadata;

namespace FlowGrain.Silo.Api;

/// <summary>
/// The answer of a call that lasts as long as its work. Who accepts <c>text/event-stream</c> is told twice a second how far it is
/// (<c>reading</c>, or <c>alive</c> where nothing is read), and then the <c>result</c> or the <c>problem</c>; anybody else gets the
/// result alone. Who goes away ends the work; asking again begins it anew, and work that is done is not done twice.
/// </summary>
internal sealed class LongAnswer<T>(Func<CancellationToken, Task<T>> work, Func<Task<ReadingProgress?>> reading, TimeProvider clock, CancellationToken stopping) : IResult, IEndpointMetadataProvider
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500); // faster than eyes need

    /// <summary>Says what it answers, for the API's description.</summary>
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(new LastsLong());
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var job = work(either.Token);
        if (!httpContext.Request.AcceptsEvents())
        {
            await TypedResults.Ok(await job).ExecuteAsync(httpContext);
            return;
        }

        await Task.WhenAny(job, Task.Delay(Interval, clock));
        if (job.IsFaulted || job.IsCanceled) await job; // so early a fault has a status of its own
        await TypedResults.ServerSentEvents(EventStreams.Until(stopping, Events(job, httpContext, either.Token))).ExecuteAsync(httpContext);
    }

    private async IAsyncEnumerable<SseItem<object>> Events(Task<T> job, HttpContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (!job.IsCompleted)
        {
            yield return await reading().WaitAsync(cancellation) is { } read ? new(read, "reading") : new(new { }, "alive");
            await Task.WhenAny(job, Task.Delay(Interval, clock));
        }

        yield return await Outcome(job, context);
    }

    private async Task<SseItem<object>> Outcome(Task<T> job, HttpContext context)
    {
        try
        {
            return new((await job)!, "result");
        }
        catch (Exception error) when (!stopping.IsCancellationRequested) // it ends without an outcome then, and is asked again elsewhere
        {
            return new(context.RequestServices.GetRequiredService<FaultLog>().ProblemOf(error, $"{context.Request.Method} {context.Request.Path}"), "problem");
        }
    }
}

/// <summary>Marks a call whose answer is a <see cref="LongAnswer{T}"/>.</summary>
internal sealed record LastsLong;
