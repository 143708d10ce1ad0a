using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// Whether there are models, none of them damaged, and each passed its self-test on this silo, by its own look at the registry: the newest
/// versions and those that aliases name, of all that are not unloaded. Whoever asks
/// is told what was seen last, for a second: anybody may, and each look opens the files of every model.
/// </summary>
/// <param name="look">Looks; may take as long as a disk does.</param>
/// <param name="clock">How old the last look is.</param>
/// <param name="logger">Is told of a look that failed.</param>
internal sealed partial class ReadyModels(Func<Task<bool>> look, TimeProvider clock, ILogger<ReadyModels> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // with a disk

    private readonly Lock _looking = new();
    private Task<bool>? _look;
    private long _looked; // a timestamp: when it began

    /// <summary>By the models of a registry.</summary>
    public ReadyModels(ModelStore store, ModelEngines engines, TimeProvider clock, ILogger<ReadyModels> logger)
        : this(() => AreReady(store, engines), clock, logger)
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
            return _look = Task.Run(Seen);
        }
    }

    private async Task<bool> Seen()
    {
        try
        {
            return await look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSeen(error);
            return false; // models that cannot be looked at cannot be loaded
        }
    }

    [LoggerMessage(EventId = 4220, Level = LogLevel.Error, Message = "The models cannot be looked at, so that none counts as ready.")]
    private partial void NotSeen(Exception error);

    private static async Task<bool> AreReady(ModelStore store, ModelEngines engines)
    {
        var names = store.Names();
        foreach (var name in names)
            foreach (var version in store.Listed(name))
                if (ModelDescriptions.OfAny(store, name, version).Damage is not null || !(store.Find(name).Registration.IsUnloaded || await IsSound(engines, name, version))) return false;
        return !names.IsEmpty;
    }

    /// <summary>Whether a version passed its self-test. One that did not is tried again: where no request comes to a silo that is not ready, nobody else would find out that it was mended.</summary>
    private static async Task<bool> IsSound(ModelEngines engines, string name, int version)
    {
        if (engines.Trials.IsSound(name, version)) return true;
        if (engines.Trials.Rests(name, version)) return false;
        try
        {
            await engines.Peek(name, version);
            return true;
        }
        catch (BadInputException)
        {
            return false; // it is logged, and said of it in every list
        }
    }
}
