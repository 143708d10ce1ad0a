using FlowGrain.Flows.Numerics;

namespace FlowGrain.Serving;

/// <summary>Draws rows for many clients, one request after another on each slot; what waits is bounded, and what nobody waits for any more is not drawn.</summary>
/// <param name="engine">The model.</param>
/// <param name="options">Bounds.</param>
/// <param name="clock">Tells waiting times.</param>
internal sealed class Draws(ModelEngine engine, ServingOptions options, TimeProvider clock)
{
    private const int LeastRows = 256; // that a request counts for: each is a job of its own

    private long _rows; // of the requests that wait or are drawn

    /// <summary>Draws rows of the table.</summary>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    /// <exception cref="ExpiredException">They waited longer than their patience.</exception>
    internal async Task<Block<double>> Draw(SampleRequest request, TimeSpan? patience, CancellationToken cancellation)
    {
        var (rows, came) = (Math.Max(LeastRows, request.Rows), clock.GetTimestamp());
        if (Interlocked.Add(ref _rows, rows) is var waiting && waiting > options.QueueRows && waiting > rows)
        {
            Interlocked.Add(ref _rows, -rows);
            throw Batcher.Overloaded(engine.Model.Name, waiting - rows, options.QueueRows);
        }

        try
        {
            return await engine.Run(flow =>
            {
                cancellation.ThrowIfCancellationRequested(); // on the slot: it may have waited long
                if (clock.GetElapsedTime(came) is var waited && patience is { } most && waited > most) throw ExpiredException.After(waited, most);
                var drawn = new Sampling(engine, flow).Draw(new CounterRandom(request.Seed, "sample"), request.First, request.Rows, request.Context.Span);
                Telemetry.SampledRows.Add(request.Rows);
                return drawn;
            });
        }
        finally
        {
            Interlocked.Add(ref _rows, -rows);
        }
    }
}
