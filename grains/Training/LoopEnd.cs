namespace FlowGrain.Training;

/// <summary>
/// What ends the rounds of a run before all are made: a stop or a move after the running one, a failure, or that it is left as it
/// is to another activation.
/// </summary>
internal sealed class LoopEnd
{
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a stop was asked for.</summary>
    internal bool IsStopping { get; private set; }

    /// <summary>Whether a pause was asked for, for the ranges to move.</summary>
    internal bool IsMoving { get; private set; }

    /// <summary>Whether no further round is begun.</summary>
    internal bool IsNear => IsStopping || IsMoving;

    /// <summary>Asks for a stop after the running round.</summary>
    internal void Stop() => IsStopping = true;

    /// <summary>Asks for a pause after the running round, for the ranges to move.</summary>
    internal void Move() => IsMoving = true;

    /// <summary>Leaves the running round, which without workers would never end.</summary>
    internal void Leave() => Fail(new OperationCanceledException("The run ends its rounds, and has no slot to end the last one on."));

    /// <summary>Leaves the running round as it is, and writes down nothing more.</summary>
    internal void Abandon()
    {
        IsStopping = true;
        var left = new OperationCanceledException("The run was left to another activation.");
        _abandoned.TrySetException(left);
        Fail(left);
    }

    /// <summary>Ends the running round with a reason; the first one counts.</summary>
    internal void Fail(Exception reason) => _failure.TrySetException(reason);

    /// <summary>Waits for a task, or throws what ends the rounds; the task is then left to itself, since who should answer it is gone.</summary>
    internal async Task OrFailure(Task task) => await await Task.WhenAny(_failure.Task, task);

    /// <summary>Waits for a task also after a failure, but not when the run is left to another activation.</summary>
    internal async Task OrAbandoned(Task task) => await await Task.WhenAny(_abandoned.Task, task);
}
