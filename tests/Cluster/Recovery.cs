using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>Times how long a run takes from a fault until it makes rounds again, how many it makes anew, and that it lost no commit.</summary>
internal sealed class Recovery(TimeProvider clock)
{
    private Fault? _fault;
    private long _began;
    private long _at;
    private long _lowest;
    private long _committed;

    /// <summary>Whether the run has not made a round since the last fault.</summary>
    internal bool IsUnderWay => _fault is not null;

    /// <summary>A fault happens now.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="step">Where the run is.</param>
    /// <param name="committed">A step that is durable; that the one before the newest is at most two intervals back is tested beside <c>GroupCommit</c>.</param>
    internal void Begin(Fault fault, long step, long committed) => (_fault, _began, _at, _lowest, _committed) = (fault, clock.GetTimestamp(), step, step, committed);

    /// <summary>A sentence once the run makes rounds again.</summary>
    internal string? Saw(RunProgress progress)
    {
        if (_fault is null) return null;
        if (progress.Step > _lowest && progress.Phase is not RunPhase.Preparing)
        {
            var (fault, redone) = (_fault, _at - _lowest);
            _fault = null;
            Assert.True(_lowest >= _committed, $"{fault.Kind} after step {_at}: went back to step {_lowest}, and step {_committed} was committed");
            return $"{fault.Kind} after step {_at}: back to work after {clock.GetElapsedTime(_began).TotalSeconds:F1} s, {redone} rounds made again";
        }

        _lowest = Math.Min(_lowest, progress.Step);
        return null;
    }
}
