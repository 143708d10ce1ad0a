using System.Collections.Immutable;
using System.Threading.Channels;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>
/// Tries versions before a request needs them, one after the other and each once: those that answer where none is named when the
/// silo has started and when it hears of a change in the registry, and all when somebody asks for the list of them.
/// </summary>
internal sealed partial class ModelTrials(IServiceProvider services, IHostApplicationLifetime life, TimeProvider clock, ILogger<ModelTrials> logger) : BackgroundService
{
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _gate = new();
    private readonly Lazy<ModelStore> _store = new(services.GetRequiredService<ModelStore>); // when it starts: it is made before the settings are checked
    private readonly Lazy<KnownModels> _known = new(services.GetRequiredService<KnownModels>);
    private readonly Lazy<ModelEngines> _engines = new(services.GetRequiredService<ModelEngines>);
    private Task _all = Task.CompletedTask;

    /// <summary>Tries every version that was not tried yet, and waits so long for it. None of them stays in memory for it.</summary>
    internal async Task TryAll(TimeSpan patience, CancellationToken cancellation)
    {
        Task all;
        lock (_gate) all = _all = _all.IsCompleted ? Task.Run(() => Try(_store.Value.Versions, _engines.Value.Try)) : _all;
        try
        {
            await all.WaitAsync(patience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // It goes on, and the list says which are still loading.
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _known.Value.Changed += Hear;
        using var started = life.ApplicationStarted.Register(Hear);
        try
        {
            await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken)) await Try(_store.Value.Listed, _engines.Value.Peek);
        }
        finally
        {
            _known.Value.Changed -= Hear;
        }
    }

    private void Hear() => _news.Writer.TryWrite(true);

    private async Task Try(Func<string, ImmutableArray<int>> versions, Func<string, int, Task> attempt)
    {
        try
        {
            foreach (var name in _store.Value.Names().Where(MayBeAsked))
                foreach (var version in versions(name).Where(version => !_engines.Value.Trials.IsKnown(name, version)))
                    if (!life.ApplicationStopping.IsCancellationRequested) await Try(name, version, attempt);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSeen(error); // the next change, or request, looks again
        }
    }

    /// <summary>Whether a model may be asked. What its aliases name stays in memory longest, from the start on.</summary>
    private bool MayBeAsked(string name)
    {
        try
        {
            var registration = _known.Value.Get(name).Registration;
            _engines.Value.Pin(name, [.. registration.Aliases.Values]);
            return !registration.IsUnloaded;
        }
        catch (BadInputException)
        {
            return false; // it was deleted just now, or its aliases cannot be read: who asks for it is told
        }
    }

    private static async Task Try(string name, int version, Func<string, int, Task> attempt)
    {
        try
        {
            await attempt(name, version);
        }
        catch (Exception)
        {
            // It is logged where it failed, and said of the version in every list.
        }
    }

    [LoggerMessage(EventId = 4221, Level = LogLevel.Warning, Message = "The registry cannot be looked at, so that models are loaded when they are asked for.")]
    private partial void NotSeen(Exception error);
}
