using System.Collections.Immutable;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlowGrain.Api;
using FlowGrain.Cluster;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Api.Live;

/// <summary>What is going on in the cluster, as events: looked at once a second however many follow it, and not at all while nobody does.</summary>
internal sealed class LiveFeed(IGrainFactory factory, ApiGrains grains, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10); // until somebody hears that nothing has changed

    private static readonly TimeSpan Files = TimeSpan.FromSeconds(30); // that all have to be looked at

    private readonly SemaphoreSlim _looking = new(1);
    private readonly ServingLoad _load = new(clock);
    private readonly RunAnswers _runs = new(run => grains.Run(run).Progress(), clock);
    private ImmutableArray<LivePart> _parts = [];
    private long _looked;
    private (StorageUse Use, long Looked)? _storage;

    /// <summary>Every part now, then each that changes, and <c>alive</c> after ten seconds without one.</summary>
    internal async IAsyncEnumerable<SseItem<string>> Follow([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (told, last) = (new Dictionary<string, string>(), clock.GetTimestamp());
        while (true)
        {
            foreach (var part in await Look(cancellation))
            {
                if (told.GetValueOrDefault(part.Event) == part.Json) continue;
                (told[part.Event], last) = (part.Json, clock.GetTimestamp());
                yield return new(part.Json, part.Event);
            }

            if (clock.GetElapsedTime(last) > Quiet)
            {
                last = clock.GetTimestamp();
                yield return new("{}", "alive");
            }

            await Task.Delay(Interval, clock, cancellation);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _looking.Dispose();

    private async Task<ImmutableArray<LivePart>> Look(CancellationToken cancellation)
    {
        await _looking.WaitAsync(cancellation);
        try
        {
            if (_parts.IsEmpty || clock.GetElapsedTime(_looked) > Interval / 2)
            {
                _parts = await Parts(cancellation);
                _looked = clock.GetTimestamp();
            }

            return _parts;
        }
        finally
        {
            _looking.Release();
        }
    }

    private async Task<ImmutableArray<LivePart>> Parts(CancellationToken cancellation)
    {
        var overview = await grains.Ask(() => grains.Inventory.Overview(), cancellation);
        var runs = await grains.Ask(() => grains.Inventory.Runs(), cancellation);
        var live = await _runs.Now(runs, cancellation);
        return
        [
            Part("cluster", new LiveCluster(overview.Silos, await Storage(cancellation))),
            Part("runs", new LiveRuns(live)),
            Part("serving", new LiveServing(_load.After(await Loads(overview.Silos)))),
        ];
    }

    private async Task<StorageUse> Storage(CancellationToken cancellation)
    {
        if (_storage is { } known && clock.GetElapsedTime(known.Looked) < Files) return known.Use;
        var use = await grains.Ask(() => grains.Inventory.Storage(), cancellation);
        _storage = (use, clock.GetTimestamp());
        return use;
    }

    /// <summary>What each silo has answered; one that does not answer, since it ends for instance, is left out.</summary>
    private async Task<Dictionary<string, ImmutableArray<ModelLoad>>> Loads(ImmutableArray<SiloDescription> silos)
    {
        var asked = silos.ToDictionary(silo => silo.Address, silo => factory.GetGrain<IModelHostGrain>($"host/{silo.Address}").Loads().WaitAsync(Interval, clock));
        await Task.WhenAll(asked.Values.Cast<Task>()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return asked.Where(silo => silo.Value.IsCompletedSuccessfully).ToDictionary(silo => silo.Key, silo => silo.Value.Result);
    }

    private static LivePart Part<T>(string name, T value) => new(name, JsonSerializer.Serialize(value, ApiJson.Options));
}
