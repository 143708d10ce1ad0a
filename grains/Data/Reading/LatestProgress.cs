namespace FlowGrain.Data;

/// <summary>Keeps what was reported last; one thread reports, any may ask.</summary>
internal sealed class LatestProgress : IProgress<ReadingProgress>
{
    private volatile ReadingProgress? _latest;

    /// <summary>The last report; null before the first.</summary>
    internal ReadingProgress? Value => _latest;

    /// <inheritdoc />
    public void Report(ReadingProgress value) => _latest = value;
}
