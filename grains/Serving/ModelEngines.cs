using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Cluster;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <summary>The models in this silo's memory, loaded once each: those that were asked for last.</summary>
internal sealed class ModelEngines(ModelStore store, DeviceSlots slots, IOptions<ServingOptions> serving, ModelStatistics statistics, TimeProvider clock, ILogger<ModelEngines> logger) : IDisposable
{
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(string Name, int Version), (string Sentence, long Since)> _faults = [];
    private readonly List<LoadedModel> _recent = []; // the one asked for last stands last

    /// <summary>A version for a job that begins; null for the champion, or the newest where there is none.</summary>
    /// <exception cref="BadInputException">There is none, or it is damaged.</exception>
    /// <exception cref="UnavailableException">Somebody unloaded the model.</exception>
    internal Task<ModelEngine> Get(string name, int? version) => Known(name, store.Find(name).RequireLoaded().Version(version?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A version that is there.</summary>
    /// <exception cref="BadInputException">It is damaged, or fails its self-test.</exception>
    internal async Task<ModelEngine> Known(string name, int version)
    {
        var model = Use(name, version);
        try
        {
            var engine = await model.Engine;
            _faults.TryRemove((name, version), out _);
            return engine;
        }
        catch (Exception error)
        {
            lock (_gate) _recent.Remove(model); // a damaged folder may be restored
            if (error is BadInputException && error is not NotFoundException) Failed(model, error.Message);
            throw;
        }
    }

    /// <summary>A version that is there, to answer a client with: that it cannot be used is no fault of the client's.</summary>
    /// <exception cref="UnavailableException">It is damaged, or fails its self-test.</exception>
    internal async Task<ModelEngine> ToAnswer(string name, int version)
    {
        try
        {
            return await Known(name, version);
        }
        catch (BadInputException damaged) when (damaged is not NotFoundException)
        {
            throw new UnavailableException(damaged.Message);
        }
    }

    /// <summary>Why a version could not be loaded when that was tried last, as a sentence; null where it could, or was not tried.</summary>
    internal string? Fault(string name, int version) => _faults.TryGetValue((name, version), out var fault) ? fault.Sentence : null;

    /// <summary>Tests a model that is in no registry yet.</summary>
    /// <exception cref="BadInputException">It fails.</exception>
    internal async Task Test(StoredModel model)
    {
        var engine = new ModelEngine(model, slots, serving.Value, clock);
        try
        {
            await engine.Test();
        }
        finally
        {
            await engine.Retire();
        }
    }

    /// <summary>Frees the versions of a model that are none of these.</summary>
    internal void Keep(string name, ImmutableArray<int> versions) => Retire(model => model.Name == name && !versions.Contains(model.Version));

    /// <inheritdoc />
    public void Dispose() => Retire(_ => true);

    /// <summary>Whether a version could not be loaded less than a second ago: then nothing has to be read to know it.</summary>
    internal bool HasJustFailed(string name, int version) => _faults.TryGetValue((name, version), out var fault) && clock.GetElapsedTime(fault.Since) < Lately;

    private void Failed(LoadedModel model, string sentence)
    {
        if (Fault(model.Name, model.Version) != sentence) logger.ModelNotLoaded(model.Name, model.Version, sentence);
        _faults[(model.Name, model.Version)] = (sentence, clock.GetTimestamp());
    }

    private LoadedModel Use(string name, int version)
    {
        lock (_gate)
        {
            var model = _recent.Find(model => model.Name == name && model.Version == version) ?? new(name, version, Load(name, version));
            _recent.Remove(model);
            _recent.Add(model);
            if (_recent.Count > serving.Value.Models) Retire(_recent[0]);
            return model;
        }
    }

    private void Retire(Predicate<LoadedModel> which)
    {
        lock (_gate)
        {
            foreach (var model in _recent.FindAll(which)) Retire(model);
        }
    }

    private Task<ModelEngine> Load(string name, int version) => Task.Run(async () =>
    {
        var engine = new ModelEngine(store.Load(name, version), slots, serving.Value, clock, statistics);
        try
        {
            await engine.Test();
            return engine;
        }
        catch
        {
            await engine.Retire();
            throw;
        }
    });

    private void Retire(LoadedModel model)
    {
        _recent.Remove(model);
        _ = Free(model);
    }

    private async Task Free(LoadedModel model)
    {
        try
        {
            await (await model.Engine).Retire();
        }
        catch (Exception error) // of a model that did not load, or of a silo that stops: its memory goes with it
        {
            logger.ModelNotFreed(error, model.Name, model.Version);
        }
    }

    private sealed record LoadedModel(string Name, int Version, Task<ModelEngine> Engine);
}
