using System.Collections.Immutable;
using FlowGrain.Cluster;
using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <inheritdoc cref="IModelHostGrain" />
[OnNamedSilo, Reentrant]
internal sealed class ModelHostGrain(ModelEngines engines, KnownModels known, ModelStore store, ModelStatistics statistics) : Grain, IModelHostGrain
{
    public Task Prepare(string model, int version, CancellationToken cancellation = default) => engines.Prepare(model, version).WaitAsync(cancellation);

    public Task Look(string model) => Task.Run(() =>
    {
        known.Look(model);
        var versions = store.Versions(model);
        statistics.Keep(model, versions);
        var registration = versions.IsEmpty ? Registrations.None : known.Get(model).Registration;
        engines.Pin(model, [.. registration.Aliases.Values]);
        engines.Keep(model, registration.IsUnloaded ? [] : versions); // those that may be asked for
    });

    public Task<ImmutableArray<ModelLoad>> Loads() => Task.FromResult(statistics.Loads);
}
