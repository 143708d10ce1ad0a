using FlowGrain.Cluster;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>Keeps others from training a run, where the epoch in the journal alone does not.</summary>
internal interface IRunHolds
{
    /// <summary>Takes the run; dispose to give it back.</summary>
    /// <exception cref="RunConflictException">Another process holds it; the sentence names it.</exception>
    Task<IDisposable> Take(string run);

    /// <summary>Whether another process may be training the run, so that the journal knows more than this one.</summary>
    bool IsElsewhere(string run);

    /// <summary>Whether a run that the journal has as training really is, as far as this process can tell without asking it.</summary>
    bool IsAlive(string run);

    /// <summary>The sentence for a run that another process holds.</summary>
    RunConflictException Conflict(string run);
}

/// <summary>Processes that share a home, an embedded cluster each: a lock on the run's folder, which the system frees when its holder dies.</summary>
internal sealed class HomeHolds(IOptions<StorageOptions> storage, TimeProvider clock) : IRunHolds
{
    /// <inheritdoc />
    public Task<IDisposable> Take(string run) => RunLock.Take(FolderOf(run), run, clock);

    /// <inheritdoc />
    public bool IsElsewhere(string run) => RunLock.IsHeld(FolderOf(run));

    /// <inheritdoc />
    public bool IsAlive(string run) => RunLock.IsHeld(FolderOf(run));

    /// <inheritdoc />
    public RunConflictException Conflict(string run) => RunLock.Conflict(FolderOf(run), run);

    private string FolderOf(string run) => Path.Combine(storage.Value.Runs, run);
}

/// <summary>A cluster of silos: a run has one grain, and of two that believe so for a moment the later epoch wins.</summary>
internal sealed class ClusterHolds : IRunHolds
{
    /// <inheritdoc />
    public Task<IDisposable> Take(string run) => Task.FromResult<IDisposable>(new Nothing());

    /// <inheritdoc />
    public bool IsElsewhere(string run) => false;

    /// <inheritdoc />
    public bool IsAlive(string run) => true;

    /// <inheritdoc />
    public RunConflictException Conflict(string run) => new($"Run '{run}' is being trained by another silo; wait for it, or 'flowgrain runs cancel {run}'.");

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
