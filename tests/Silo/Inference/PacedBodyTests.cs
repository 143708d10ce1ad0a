using System.Buffers;
using System.Net;
using FlowGrain.Serving;
using FlowGrain.Silo.Api;
using FlowGrain.Silo.Inference;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Inference;

/// <summary>Over HTTP/2 too a client that sends or reads too slowly is sent away, and its room given back.</summary>
public sealed class PacedBodyTests
{
    private const int LargeBytes = 8 << 20; // beyond what any window takes

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _clock = new();
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_sends_too_slowly_is_told_so()
    {
        await using var host = await Start(async context =>
        {
            var buffer = new byte[1 << 10];
            await context.Request.Body.ReadExactlyAsync(buffer.AsMemory(0, 5), context.RequestAborted);
            var rest = context.Request.Body.ReadAsync(buffer, context.RequestAborted);
            _waits.SetResult();
            await rest;
        });
        var asked = host.Ask(HttpMethod.Post, InferenceEndpoints.Root, new Stalling());
        await _waits.Task.WaitAsync(Cancellation);
        _clock.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.False(asked.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(2)); // five bytes are no second's worth
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.RequestTimeout, answer.StatusCode);
        Assert.Contains("The body came too slowly", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await _over.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Who_reads_too_slowly_is_cut_off()
    {
        await using var host = await Start(async context =>
        {
            var sent = context.Response.Body.WriteAsync(new byte[LargeBytes], context.RequestAborted);
            _waits.SetResult();
            await sent;
        });
        using var answer = await host.Ask(HttpMethod.Get, InferenceEndpoints.Root);
        await _waits.Task.WaitAsync(Cancellation);
        Assert.False(_over.Task.IsCompleted);
        _clock.Advance(Grace + TimeSpan.FromSeconds(LargeBytes / (16 << 10) + 1));
        await _over.Task.WaitAsync(Cancellation);
        await Assert.ThrowsAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task An_answer_that_was_written_and_not_flushed_is_sent_before_its_room_is_given_back()
    {
        await using var host = await Start(context =>
        {
            context.Response.BodyWriter.Write(new byte[LargeBytes]);
            _waits.SetResult();
            return Task.CompletedTask;
        });
        using var answer = await host.Ask(HttpMethod.Get, InferenceEndpoints.Root);
        await _waits.Task.WaitAsync(Cancellation);
        Assert.False(_over.Task.IsCompleted);
        Assert.Equal(LargeBytes, (await answer.Content.ReadAsByteArrayAsync(Cancellation)).Length);
        await _over.Task.WaitAsync(Cancellation);
    }

    /// <summary>A server that admits bodies as a silo does.</summary>
    private Task<HttpTwoHost> Start(RequestDelegate answer) => HttpTwoHost.Start(
        services => services.AddLogging().AddProblemDetails().AddExceptionHandler<FaultHandler>().AddSingleton<FaultLog>().AddRequestDecompression()
            .AddSingleton(new BodyRoom(Options.Create(new ServingOptions()), _clock)),
        app =>
        {
            app.UseExceptionHandler();
            app.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                finally
                {
                    _over.SetResult();
                }
            });
            app.UseBodyRoom();
            app.Run(answer);
        });

    /// <summary>A body whose beginning is sent, and then nothing.</summary>
    private sealed class Stalling : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(new byte[5], cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, Cancellation);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
