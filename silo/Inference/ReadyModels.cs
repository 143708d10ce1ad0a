using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// Whether there are models, none of them damaged, by this silo's own look at the registry. Whoever asks is told what was seen last,
/// for a second: anybody may, and each look opens the files of every model.
/// </summary>
/// <param name="look">Looks; may take as long as a disk does.</param>
/// <param name="clock">How old the last look is.</param>
/// <param name="logger">Is told of a look that failed.</param>
internal sealed partial class ReadyModels(Func<bool> look, TimeProvider clock, ILogger<ReadyModels> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5); // with a disk

    private readonly Lock _looking = new();
    private Task<bool>? _look;
    private long _looked; // a timestamp: when it began

    /// <summary>By the models of a registry.</summary>
    public ReadyModels(ModelStore store, TimeProvider clock, ILogger<ReadyModels> logger)
        : this(() => store.Names() is [_, ..] names && names.All(name => IsReady(store, name)), clock, logger)
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

    private bool Seen()
    {
        try
        {
            return look();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSeen(error);
            return false; // models that cannot be looked at cannot be loaded
        }
    }

    [LoggerMessage(EventId = 4220, Level = LogLevel.Error, Message = "The models cannot be looked at, so that none counts as ready.")]
    private partial void NotSeen(Exception error);

    private static bool IsReady(ModelStore store, string name) => store.Listed(name).All(version => ModelDescriptions.OfAny(store, name, version).Damage is null);
}
