using FlowGrain.Training;

namespace FlowGrain.Tests.Cluster;

/// <summary>Times how long a run takes from a fault until it makes rounds again, how many it makes anew, and that it lost no commit.</summary>
internal sealed class Recovery(TimeProvider clock)
{
    private const int FirstRounds = 5; // the first may have been on their way when the fault came
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90); // 5 s on a machine of its own, which is printed; here whole silos start again beside other tests

    private Fault? _fault;
    private long _began;
    private long _at;
    private long _lowest;
    private long? _opened;
    private long _committed;

    /// <summary>Whether the run has not made a round since the last fault.</summary>
    internal bool IsUnderWay => _fault is not null;

    /// <summary>A fault happens now.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="progress">Where the run is.</param>
    /// <param name="committed">The newest step that its journal vouches for.</param>
    internal void Begin(Fault fault, RunProgress progress, long committed) =>
        (_fault, _began, _at, _lowest, _opened, _committed) = (fault, clock.GetTimestamp(), progress.Step, progress.Step, progress.ResumedAtStep, committed);

    /// <summary>A sentence once the run makes rounds again.</summary>
    internal string? Saw(RunProgress progress)
    {
        if (_fault is null) return null;
        _lowest = Math.Min(_lowest, progress.ResumedAtStep is { } opened && opened != _opened ? opened : progress.Step);
        if (progress.Step < _lowest + FirstRounds || progress.Phase is RunPhase.Preparing) return null;
        var (fault, took, redone) = (_fault, clock.GetElapsedTime(_began), _at - _lowest);
        _fault = null;
        Assert.True(_lowest >= _committed, $"{fault.Kind} after step {_at}: went back to step {_lowest}, and step {_committed} was committed");
        Assert.True(took < Patience, $"{fault.Kind} after step {_at}: back to work after {took.TotalSeconds:F1} s");
        return $"{fault.Kind} after step {_at}: back to work after {took.TotalSeconds:F1} s, {redone} rounds made again";
    }
}
