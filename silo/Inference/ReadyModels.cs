using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// Whether there are models, none of them damaged, by this silo's own look at the registry. Whoever asks is told what was seen last,
/// for a second: anybody may, and each look opens the files of every model.
/// </summary>
/// <param name="look">Looks; may take as long as a disk does.</param>
/// <param name="clock">How old the last look is.</param>
internal sealed class ReadyModels(Func<bool> look, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // with a disk

    private readonly Lock _looking = new();
    private Task<bool>? _look;
    private long _looked; // a timestamp: when it began

    /// <summary>By the models of a registry.</summary>
    public ReadyModels(ModelStore store, TimeProvider clock)
        : this(() => store.Names() is [_, ..] names && names.All(name => IsReady(store, name)), clock)
    {
    }

    /// <summary>Whether there are, as far as the disk says it in time.</summary>
    internal async Task<bool> AreReady(CancellationToken cancellation)
    {
        try
        {
            return await Look().WaitAsync(Patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task<bool> Look()
    {
        lock (_looking)
        {
            if (_look is { IsCompleted: false } || (_look is not null && clock.GetElapsedTime(_looked) < Fresh)) return _look;
            _looked = clock.GetTimestamp();
            return _look = Task.Run(look);
        }
    }

    private static bool IsReady(ModelStore store, string name) => store.Listed(name).All(version => ModelDescriptions.OfAny(store, name, version).Damage is null);
}
