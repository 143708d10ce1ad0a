namespace FlowGrain.Serving;

/// <summary>
/// Computes the rows of many requests together. A slot that is free takes what waits, so that a lone request waits for nobody and
/// the batches grow with the load; how rows are put together changes no answer.
/// </summary>
/// <param name="engine">The model.</param>
/// <param name="options">Bounds.</param>
/// <param name="clock">Tells waiting times.</param>
internal sealed class Batcher(ModelEngine engine, ServingOptions options, TimeProvider clock)
{
    private const int RowsOfOneMore = 256; // that wait or are computed before a second slot takes batches too: fewer rows cost it as much as many

    private readonly Lock _gate = new();
    private readonly Queue<DensityRequest> _waiting = [];
    private readonly KeyValuePair<string, object?> _model = Label.OfModel(engine.Model.Name);
    private readonly VersionStatistics _own = engine.Statistics;
    private long _rows; // of those that wait
    private long _computing; // rows that slots compute
    private int _taking; // slots that take batches, until nothing waits

    /// <summary>Log-densities of rows <c>[B, W]</c>, with their latents where they are asked for.</summary>
    /// <exception cref="BadInputException">The width is wrong, or there are too many rows.</exception>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    /// <exception cref="ExpiredException">They waited longer than their patience.</exception>
    internal Task<Densities> LogDensity(Block<double> rows, bool latent, TimeSpan? patience, CancellationToken cancellation) => LogDensity(rows, latent, patience, _own, cancellation);

    /// <inheritdoc cref="LogDensity(Block{double}, bool, TimeSpan?, CancellationToken)"/>
    /// <param name="rows">Row-major, in the units of the data.</param>
    /// <param name="latent">Whether latents are asked for.</param>
    /// <param name="patience">How long they may wait; null for as long as it takes.</param>
    /// <param name="statistics">Counts them: those of the function that a client asked for.</param>
    /// <param name="cancellation">Cancelled when the client goes away.</param>
    internal Task<Densities> LogDensity(Block<double> rows, bool latent, TimeSpan? patience, VersionStatistics statistics, CancellationToken cancellation)
    {
        var request = new DensityRequest(rows, engine.Rows(rows), latent, clock.GetTimestamp(), patience, statistics, cancellation);
        if (request.Count > options.RequestRows)
            throw new BadInputException($"{request.Count} rows came in one request, and a silo takes {options.RequestRows}; send them in several, or score a file as a bulk job.");
        if (Enqueue(request)) _ = Take();
        return request.Answer;
    }

    /// <summary>Most rows of a request.</summary>
    internal int MostRows => options.RequestRows;

    /// <summary>Returns where there is room for rows that will be asked for.</summary>
    /// <exception cref="OverloadedException">There is none.</exception>
    internal void RequireRoom(int rows)
    {
        lock (_gate)
            if (_rows > 0 && _rows + rows > options.QueueRows) throw Overloaded(engine.Model.Name, _rows, options.QueueRows);
    }

    /// <summary>True where one more slot should take what waits.</summary>
    private bool Enqueue(DensityRequest request)
    {
        lock (_gate)
        {
            if (_rows > 0 && _rows + request.Count > options.QueueRows) throw Overloaded(engine.Model.Name, _rows, options.QueueRows);
            _waiting.Enqueue(request);
            _rows += request.Count;
            Waits(1);
            if (_taking == engine.Parallelism || (_taking > 0 && _rows + _computing < RowsOfOneMore)) return false;
            _taking++;
            return true;
        }
    }

    /// <summary>Has one slot after another compute batches, until nothing waits.</summary>
    private async Task Take()
    {
        try
        {
            do
            {
                await Ripe();
                await engine.Run(flow => Compute(new DensityBatch(engine, flow)));
            }
            while (IsMore());
        }
        catch (Exception fault) // the flow could not be made: whoever waits hears of it
        {
            foreach (var request in Left()) request.Fail(fault);
        }
    }

    /// <summary>All that waits, of which no slot takes anything any more.</summary>
    private List<DensityRequest> Left()
    {
        lock (_gate)
        {
            _taking--;
            List<DensityRequest> left = [.. _waiting];
            _waiting.Clear();
            _rows = 0;
            Waits(-left.Count);
            return left;
        }
    }

    private bool IsMore()
    {
        lock (_gate)
        {
            if (_waiting.Count > 0) return true;
            _taking--;
            return false;
        }
    }

    /// <summary>Lets the first request of a batch that is not full yet wait for others.</summary>
    private async Task Ripe()
    {
        TimeSpan rest;
        lock (_gate)
        {
            if (options.BatchDelay == TimeSpan.Zero || _rows >= options.BatchRows || !_waiting.TryPeek(out var first)) return;
            rest = options.BatchDelay - clock.GetElapsedTime(first.Came);
        }

        if (rest > TimeSpan.Zero) await Task.Delay(rest, clock);
    }

    /// <summary>On a slot's thread: what waits by now, for what came while the slot was busy is in it.</summary>
    private bool Compute(DensityBatch batch)
    {
        var started = clock.GetTimestamp();
        Fill(batch, started);
        if (batch.Rows == 0) return false;
        using var span = Spans.StartBatch(batch.Requests.Select(request => request.Span));
        batch.Compute();
        lock (_gate) _computing -= batch.Rows;
        Telemetry.BatchRows.Record(batch.Rows, _model);
        var time = clock.GetElapsedTime(started);
        Telemetry.ComputeSeconds.Record(time.TotalSeconds, _model);
        foreach (var asked in batch.Requests.GroupBy(request => request.Statistics)) asked.Key.Computed(asked.Count(), asked.Sum(request => request.Count), time);
        return true;
    }

    private void Fill(DensityBatch batch, long now)
    {
        lock (_gate)
        {
            while (_waiting.TryPeek(out var next) && (batch.Rows == 0 || batch.Rows + next.Count <= options.BatchRows))
            {
                _waiting.Dequeue();
                _rows -= next.Count;
                Waits(-1);
                var waited = clock.GetElapsedTime(next.Came, now);
                if (next.IsDropped(waited)) continue;
                Telemetry.QueueSeconds.Record(waited.TotalSeconds, _model);
                next.Statistics.Queue.Add(1, waited);
                Spans.Waited(next.Span, clock.GetUtcNow() - waited);
                batch.Add(next);
            }

            _computing += batch.Rows;
        }
    }

    private void Waits(int more)
    {
        Telemetry.QueueLength.Add(more, _model);
        _own.Waits(more);
    }

    /// <summary>Of a model that has so many rows waiting; it is counted.</summary>
    internal static OverloadedException Overloaded(string model, long waiting, long most)
    {
        Telemetry.Rejections.Add(1, Label.OfModel(model));
        return new($"Model '{model}' has {waiting} rows waiting on this silo, of {most} that may; ask again in a second, or another silo.");
    }
}
