using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>Times how long a run takes from a fault until it makes rounds again, and how many it makes anew.</summary>
internal sealed class Recovery(TimeProvider clock)
{
    private Fault? _fault;
    private long _began;
    private long _at;
    private long _lowest;

    /// <summary>Whether the run has not made a round since the last fault.</summary>
    internal bool IsUnderWay => _fault is not null;

    /// <summary>A fault happens now.</summary>
    internal void Begin(Fault fault, long step) => (_fault, _began, _at, _lowest) = (fault, clock.GetTimestamp(), step, step);

    /// <summary>A sentence once the run makes rounds again.</summary>
    internal string? Saw(RunProgress progress)
    {
        if (_fault is null) return null;
        if (progress.Step > _lowest && progress.Phase is not RunPhase.Preparing)
        {
            var (fault, redone) = (_fault, _at - _lowest);
            _fault = null;
            return $"{fault.Kind} after step {_at}: back to work after {clock.GetElapsedTime(_began).TotalSeconds:F1} s, {redone} rounds made again";
        }

        _lowest = Math.Min(_lowest, progress.Step);
        return null;
    }
}
