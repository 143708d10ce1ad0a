using System.Diagnostics;

namespace FlowGrain.Serving;

/// <summary>Rows of one client that wait for their log-densities.</summary>
/// <param name="rows">Row-major <c>[B, W]</c>, in the units of the data.</param>
/// <param name="count">How many rows.</param>
/// <param name="latent">Whether <c>z</c> is asked for.</param>
/// <param name="came">When they came, a timestamp of the clock.</param>
/// <param name="patience">How long they may wait; null for as long as it takes.</param>
/// <param name="statistics">Counts it.</param>
/// <param name="cancellation">Cancelled when the client goes away.</param>
internal sealed class DensityRequest(Block<double> rows, int count, bool latent, long came, TimeSpan? patience, VersionStatistics statistics, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<Densities> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The span that it came in.</summary>
    internal ActivityContext Span { get; } = Activity.Current?.Context ?? default;

    internal Block<double> Rows => rows;

    internal int Count => count;

    internal VersionStatistics Statistics => statistics;

    internal bool WantsLatent => latent;

    /// <summary>When it came, a timestamp of the clock.</summary>
    internal long Came => came;

    /// <summary>What its client waits for.</summary>
    internal Task<Densities> Answer => _answer.Task;

    /// <summary>Gives the answer.</summary>
    internal void Complete(Densities densities) => _answer.TrySetResult(densities);

    /// <summary>Gives the fault instead.</summary>
    internal void Fail(Exception fault) => _answer.TrySetException(fault);

    /// <summary>Whether nobody waits for it any more after so long, who is then told.</summary>
    internal bool IsDropped(TimeSpan waited)
    {
        if (cancellation.IsCancellationRequested) return _answer.TrySetCanceled(cancellation);
        if (patience is not { } most || waited <= most) return false;
        return _answer.TrySetException(ExpiredException.After(waited, most));
    }
}
