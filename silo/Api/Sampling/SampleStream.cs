using FlowGrain.Serving;

namespace FlowGrain.Silo.Api.Sampling;

/// <summary>
/// Draws on their way to a client, as many as it wants: a chunk is drawn once the client has taken the one before, so that neither
/// its pace nor their number costs memory, and who goes away ends the drawing. What cannot go on is broken off: no part looks whole.
/// </summary>
/// <param name="model">The version that draws, the same to the end.</param>
/// <param name="draws">Which draws.</param>
/// <param name="format">How they travel.</param>
/// <param name="draw">Draws so many from one on; draw i is the same whatever chunk it is in.</param>
/// <param name="clock">Waits for room.</param>
/// <param name="stopping">Cancelled when the silo stops; the client goes on elsewhere.</param>
/// <param name="logger">Told of what is broken off.</param>
internal sealed partial class SampleStream(
    ModelDescription model, DrawRange draws, RowFormat format, Func<long, int, CancellationToken, Task<Block<double>>> draw, TimeProvider clock, CancellationToken stopping, ILogger logger) : IResult
{
    /// <summary>The header that says which version draws.</summary>
    internal const string Version = "FlowGrain-Model-Version";

    private const int ChunkBytes = 256 << 10; // of float64: a few milliseconds of a slot, which others want too
    private const int MostChunkRows = 16_384;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50); // until the queue is looked at again

    private readonly int _chunkRows = Math.Clamp(ChunkBytes / (sizeof(double) * model.Columns.Length), 1, MostChunkRows);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        var next = draws.First;
        try
        {
            for (int rows; next < draws.End; next += rows)
            {
                rows = (int)Math.Min(_chunkRows, draws.End - next);
                var drawn = next == draws.First ? await draw(next, rows, either.Token) : await Further(next, rows, either.Token);
                if (next == draws.First) Begin(httpContext.Response); // not before: a fault of the first has a status of its own
                format.Write(drawn.Span, httpContext.Response.BodyWriter);
                await httpContext.Response.BodyWriter.FlushAsync(either.Token); // as long as the client takes
            }
        }
        catch (Exception error) when (httpContext.Response.HasStarted)
        {
            if (stopping.IsCancellationRequested) SiloStops(model.Name, model.Version, next);
            else if (!httpContext.RequestAborted.IsCancellationRequested) Failed(error, model.Name, model.Version, next);
            httpContext.Abort();
        }
    }

    /// <summary>Draws what follows; where there is no room for it, when there is: what is under way is not broken off for that.</summary>
    private async Task<Block<double>> Further(long first, int rows, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await draw(first, rows, cancellation);
            }
            catch (OverloadedException)
            {
                await Task.Delay(Pause, clock, cancellation);
            }
        }
    }

    private void Begin(HttpResponse response)
    {
        response.ContentType = format.MediaType;
        response.ContentLength = format.Length(draws.End - draws.First);
        response.Headers[Version] = $"{model.Version}";
    }

    [LoggerMessage(EventId = 4202, Level = LogLevel.Information, Message = "The silo stops, so {Model}@{Version} is drawn from no longer for a client that has all before draw {Draw}; it goes on from there on another silo.")]
    private partial void SiloStops(string model, int version, long draw);

    [LoggerMessage(EventId = 4203, Level = LogLevel.Error, Message = "{Model}@{Version} could not be drawn from any more at draw {Draw}; the client's connection was broken off.")]
    private partial void Failed(Exception error, string model, int version, long draw);
}
