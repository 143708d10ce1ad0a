using System.Collections.Immutable;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Serving;

/// <summary>Draws rows for many clients, in pieces that densities may come between; what waits is bounded, and what nobody waits for any more is not drawn.</summary>
/// <param name="engine">The model.</param>
/// <param name="options">Bounds.</param>
/// <param name="clock">Tells waiting times.</param>
internal sealed class Draws(ModelEngine engine, ServingOptions options, TimeProvider clock)
{
    private const int LeastRows = 256; // that a request counts for: each is a job of its own
    private const int PieceRows = 2048; // a few milliseconds of a slot, which others want too

    private long _rows; // of the requests that wait or are drawn

    /// <summary>Draws rows of the table.</summary>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    /// <exception cref="ExpiredException">They waited longer than their patience.</exception>
    internal Task<Block<double>> Draw(SampleRequest request, TimeSpan? patience, CancellationToken cancellation)
    {
        var came = clock.GetTimestamp();
        return InRoom(request, () => InPieces(request, came, patience, cancellation));
    }

    /// <summary>Two coordinates of draws as each layer has them.</summary>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    internal Task<ImmutableArray<PushedLayer>> Layers(SampleRequest request, int x, int y, CancellationToken cancellation) =>
        InRoom(request, () => engine.Run(flow => new Sampling(engine, flow).Layers(request, x, y, cancellation)));

    private async Task<T> InRoom<T>(SampleRequest request, Func<Task<T>> draw)
    {
        var rows = Math.Max(LeastRows, request.Rows);
        if (Interlocked.Add(ref _rows, rows) is var waiting && waiting > options.QueueRows && waiting > rows)
        {
            Interlocked.Add(ref _rows, -rows);
            throw Batcher.Overloaded(engine.Model.Name, waiting - rows, options.QueueRows);
        }

        try
        {
            return await draw();
        }
        finally
        {
            Interlocked.Add(ref _rows, -rows);
        }
    }

    private async Task<Block<double>> InPieces(SampleRequest request, long came, TimeSpan? patience, CancellationToken cancellation)
    {
        var drawn = new double[request.Rows * engine.Encoder.Table.Columns.Length];
        for (var done = 0; done < request.Rows; done += PieceRows)
        {
            var piece = request with { First = request.First + done, Rows = Math.Min(PieceRows, request.Rows - done) };
            var values = await engine.Run(flow => Draw(flow, piece, came, done == 0 ? patience : null, cancellation));
            values.Span.CopyTo(drawn.AsSpan(done * engine.Encoder.Table.Columns.Length));
        }

        return new Block<double>(drawn);
    }

    private Block<double> Draw(IFlowEngine flow, SampleRequest piece, long came, TimeSpan? patience, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested(); // on the slot: it may have waited long
        if (clock.GetElapsedTime(came) is var waited && patience is { } most && waited > most) throw ExpiredException.After(waited, most);
        var drawn = new Sampling(engine, flow).Draw(new CounterRandom(piece.Seed, "sample"), piece.First, piece.Rows, piece.Context.Span);
        Telemetry.SampledRows.Add(piece.Rows);
        return drawn;
    }
}
