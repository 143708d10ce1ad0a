using System.Threading.Channels;

namespace FlowGrain.Serving;

/// <summary>Deals blocks of rows to the slots of this silo, and to those of every other that computes the same bits; a block that a silo leaves undone goes to the next.</summary>
/// <remarks>A slot has two lanes: what it computes, and what it computes next.</remarks>
internal sealed class ScoringLanes : IDisposable
{
    private const int LanesPerSlot = 2;

    private readonly ModelEngine _engine;
    private readonly ScoringSilos _silos;
    private readonly Channel<Dealt> _waiting = Channel.CreateUnbounded<Dealt>();
    private readonly CancellationTokenSource _over = new();
    private int _lanes;

    internal ScoringLanes(ModelEngine engine, ScoringSilos silos)
    {
        (_engine, _silos) = (engine, silos);
        Open(engine.Parallelism, block => engine.LogDensity(block.Rows, block.Latent, _over.Token));
        _ = Follow();
    }

    /// <summary>How many blocks keep every slot at work while the one who deals is busy for a moment.</summary>
    internal int Depth => 2 * Volatile.Read(ref _lanes);

    /// <summary>Deals a block.</summary>
    internal Task<Densities> LogDensity(Block<double> rows, bool latent)
    {
        var block = new Dealt(rows, latent, new(TaskCreationOptions.RunContinuationsAsynchronously));
        _waiting.Writer.TryWrite(block);
        return block.Done.Task;
    }

    /// <summary>Ends the lanes; blocks that wait are not computed any more.</summary>
    public void Dispose() => _over.Cancel();

    /// <summary>Opens lanes to the other silos as they come.</summary>
    private async Task Follow()
    {
        try
        {
            await foreach (var silo in _silos.For(_engine.Model, _over.Token))
            {
                Open(
                    silo.Slots,
                    block => _silos.LogDensity(_engine.Model, silo.Address, block.Rows, block.Latent, _over.Token),
                    error => _silos.Lost(silo.Address, _engine.Model, error));
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The job is done.
        }
        catch (Exception error)
        {
            _silos.NotFollowed(_engine.Model, error); // the lanes that are open go on
        }
    }

    private void Open(int slots, Func<Dealt, Task<Densities>> compute, Action<Exception>? lost = null)
    {
        for (var lane = 0; lane < LanesPerSlot * slots; lane++) _ = Lane(compute, lost);
    }

    private async Task Lane(Func<Dealt, Task<Densities>> compute, Action<Exception>? lost)
    {
        Interlocked.Increment(ref _lanes);
        try
        {
            await foreach (var block in _waiting.Reader.ReadAllAsync(_over.Token)) await Compute(block, compute, mayBeLost: lost is not null);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The job is done.
        }
        catch (Exception error) when (Repeated.IsTransient(error)) // nothing else gets out of a block
        {
            lost!(error);
        }
        finally
        {
            Interlocked.Decrement(ref _lanes);
        }
    }

    /// <summary>Computes a block; what goes wrong is its outcome, unless the silo may be lost that computes it: then another one takes it.</summary>
    private async Task Compute(Dealt block, Func<Dealt, Task<Densities>> compute, bool mayBeLost)
    {
        try
        {
            block.Done.SetResult(await compute(block));
        }
        catch (Exception error) when (mayBeLost && Repeated.IsTransient(error))
        {
            _waiting.Writer.TryWrite(block);
            throw;
        }
        catch (Exception error)
        {
            block.Done.SetException(error);
        }
    }

    /// <summary>A block that waits for its scores.</summary>
    private sealed record Dealt(Block<double> Rows, bool Latent, TaskCompletionSource<Densities> Done);
}
