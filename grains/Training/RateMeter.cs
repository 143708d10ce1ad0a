namespace FlowGrain.Training;

/// <summary>Rows a second, over the last seconds and over all.</summary>
internal sealed class RateMeter(TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly long _started = clock.GetTimestamp();
    private readonly Queue<(long Time, long Rows)> _recent = [];
    private long _recentRows;

    /// <summary>Rows since the start.</summary>
    internal long Rows { get; private set; }

    /// <summary>Seconds since the start.</summary>
    internal double Seconds => clock.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Over all.</summary>
    internal double Mean => Rows / Math.Max(1e-9, Seconds);

    /// <summary>Over the last five seconds.</summary>
    internal double Recent => _recent.Count < 2 ? Mean : _recentRows / Math.Max(1e-9, clock.GetElapsedTime(_recent.Peek().Time).TotalSeconds);

    /// <summary>Counts rows that were just done.</summary>
    internal void Add(long rows)
    {
        Rows += rows;
        _recentRows += rows;
        _recent.Enqueue((clock.GetTimestamp(), rows));
        while (_recent.Count > 2 && clock.GetElapsedTime(_recent.Peek().Time) > Window) _recentRows -= _recent.Dequeue().Rows;
    }
}
