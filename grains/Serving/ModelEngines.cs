using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Cluster;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <summary>The models in this silo's memory, loaded once each: those that were asked for last, and of others first those that aliases name.</summary>
internal sealed class ModelEngines : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<LoadedModel> _recent = []; // the one asked for last stands last
    private readonly Dictionary<string, ImmutableArray<int>> _named = []; // by aliases
    private readonly ModelStore _store;
    private readonly DeviceSlots _slots;
    private readonly ServingOptions _serving;
    private readonly ModelStatistics _statistics;
    private readonly TimeProvider _clock;
    private readonly ILogger<ModelEngines> _logger;

    /// <summary>Loads from a registry.</summary>
    public ModelEngines(ModelStore store, DeviceSlots slots, IOptions<ServingOptions> serving, ModelStatistics statistics, TimeProvider clock, ILogger<ModelEngines> logger)
    {
        (_store, _slots, _serving, _statistics, _clock, _logger) = (store, slots, serving.Value, statistics, clock, logger);
        Trials = new LoadTrials(clock);
        store.Changed += Trials.Retry;
    }

    /// <summary>What became of the versions that were tried.</summary>
    internal LoadTrials Trials { get; }

    /// <summary>A version for a job that begins; null for the one that is meant where none is named.</summary>
    /// <exception cref="BadInputException">There is none, or it is damaged.</exception>
    /// <exception cref="UnavailableException">Somebody unloaded the model.</exception>
    internal Task<ModelEngine> Get(string name, int? version)
    {
        var model = _store.Find(name).RequireLoaded();
        return Known(name, version is null ? Meant(model) : model.Version(version.Value.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The version that is meant where none is named: the champion, or else the newest, of those that are not known to be unsound.</summary>
    internal int Meant(RegisteredModel model) => model.Registration.Aliases.TryGetValue(ModelAlias.Champion, out var champion)
        ? champion
        : model.Versions.LastOrDefault(version => Trials.Fault(model.Name, version) is null, model.Versions[^1]);

    /// <summary>A version that is there.</summary>
    /// <exception cref="BadInputException">It is damaged, or fails its self-test.</exception>
    internal Task<ModelEngine> Known(string name, int version)
    {
        lock (_gate)
        {
            var model = Find(name, version) ?? Added(name, version);
            _recent.Remove(model);
            _recent.Add(model);
            return model.Engine;
        }
    }

    /// <summary>A version that is there, for a look at it: it takes no other's place in memory.</summary>
    /// <exception cref="BadInputException">It is damaged, or fails its self-test.</exception>
    internal Task<ModelEngine> Peek(string name, int version)
    {
        lock (_gate)
        {
            if ((Find(name, version) ?? (_recent.Count < _serving.Models ? Added(name, version) : null)) is { } model) return model.Engine;
        }

        return Try(name, version);
    }

    /// <summary>A version that is there, tested where it was not yet; where it was not in memory it does not stay there.</summary>
    /// <exception cref="BadInputException">It is damaged, or fails its self-test.</exception>
    internal Task<ModelEngine> Try(string name, int version)
    {
        lock (_gate)
        {
            if (Find(name, version) is { } model) return model.Engine;
        }

        return Task.Run(async () =>
        {
            var engine = await Load(name, version, isTested: Trials.IsSound(name, version));
            await engine.Retire();
            return engine;
        });
    }

    /// <summary>A version that is there, to answer a client with: that it cannot be used is no fault of the client's.</summary>
    /// <exception cref="UnavailableException">It is damaged, or fails its self-test.</exception>
    internal Task<ModelEngine> ToAnswer(string name, int version) => ForClient(name, version, Known);

    /// <summary>A version that is there, to tell a client of; see <see cref="Peek"/>.</summary>
    /// <exception cref="UnavailableException">It is damaged, or fails its self-test.</exception>
    internal Task<ModelEngine> ToDescribe(string name, int version) => ForClient(name, version, Peek);

    /// <summary>Whether a version is in memory and has passed its self-test.</summary>
    internal bool IsReady(string name, int version)
    {
        lock (_gate) return Find(name, version)?.Engine.IsCompletedSuccessfully == true;
    }

    /// <summary>Has a version in memory, tested, and every slot ready to compute with it.</summary>
    /// <exception cref="BadInputException">It is damaged, or fails its self-test.</exception>
    internal async Task Prepare(string name, int version)
    {
        var engine = await Known(name, version);
        await engine.Warm();
    }

    /// <summary>Begins to prepare a version while another answers. That it cannot be used is known from <see cref="Trials"/> then.</summary>
    internal void Begin(string name, int version)
    {
        lock (_gate)
        {
            if (Find(name, version) is not null) return;
        }

        _ = Ended(Prepare(name, version));
    }

    /// <summary>Tests a model that is in no registry yet.</summary>
    /// <exception cref="BadInputException">It fails.</exception>
    internal async Task Test(StoredModel model)
    {
        var engine = new ModelEngine(model, _slots, _serving, _clock);
        try
        {
            await engine.Test();
        }
        finally
        {
            await engine.Retire();
        }
    }

    /// <summary>Has the versions that the aliases of a model name leave the memory last where others need room.</summary>
    internal void Pin(string name, ImmutableArray<int> versions)
    {
        lock (_gate)
        {
            if (versions.IsEmpty) _named.Remove(name);
            else _named[name] = versions;
        }
    }

    /// <summary>Frees the versions of a model that are none of these.</summary>
    /// <param name="name">The model.</param>
    /// <param name="versions">Those that may be asked for.</param>
    internal void Keep(string name, ImmutableArray<int> versions)
    {
        lock (_gate)
        {
            foreach (var model in _recent.FindAll(model => model.Name == name && !versions.Contains(model.Version))) Retire(model);
        }

        Trials.Keep(name, versions);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _store.Changed -= Trials.Retry;
        lock (_gate)
        {
            foreach (var model in _recent.ToList()) Retire(model);
        }
    }

    private async Task<ModelEngine> ForClient(string name, int version, Func<string, int, Task<ModelEngine>> load)
    {
        if (Trials.Rests(name, version) && Trials.Fault(name, version) is { } fault) throw new UnavailableException(fault);
        try
        {
            return await load(name, version);
        }
        catch (BadInputException damaged) when (damaged is not NotFoundException)
        {
            throw new UnavailableException(damaged.Message);
        }
    }

    private LoadedModel? Find(string name, int version)
    {
        foreach (var model in _recent)
            if (model.Version == version && model.Name == name) return model;
        return null;
    }

    private LoadedModel Added(string name, int version)
    {
        if (_recent.Count >= _serving.Models)
        {
            var least = _recent.Find(model => !_named.GetValueOrDefault(model.Name, []).Contains(model.Version)) ?? _recent[0];
            Telemetry.Evictions.Add(1, Label.OfModel(least.Name));
            Retire(least);
        }

        var model = new LoadedModel(name, version);
        model.Engine = Task.Run(() => Loaded(model));
        _recent.Add(model);
        return model;
    }

    private async Task<ModelEngine> Loaded(LoadedModel model)
    {
        try
        {
            return await Load(model.Name, model.Version, isTested: false);
        }
        catch
        {
            lock (_gate) _recent.Remove(model); // a damaged folder may be restored
            throw;
        }
    }

    private async Task<ModelEngine> Load(string name, int version, bool isTested)
    {
        try
        {
            var engine = new ModelEngine(_store.Load(name, version), _slots, _serving, _clock, _statistics);
            if (!isTested) await Tested(engine);
            Trials.Passed(name, version);
            return engine;
        }
        catch (Exception error) when (error is not NotFoundException)
        {
            Failed(name, version, error);
            throw;
        }
    }

    private static async Task Tested(ModelEngine engine)
    {
        try
        {
            await engine.Test();
        }
        catch
        {
            await engine.Retire();
            throw;
        }
    }

    private void Failed(string name, int version, Exception error)
    {
        var isSaid = error is BadInputException;
        var sentence = isSaid ? error.Message : $"Model '{name}' version {version} could not be loaded on this silo; its log says why.";
        if (Trials.Failed(name, version, sentence)) _logger.ModelNotLoaded(isSaid ? null : error, name, version, sentence);
    }

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
            _logger.ModelNotFreed(error, model.Name, model.Version);
        }
    }

    /// <summary>Waits for a load that nobody waits for: what it fails at is logged and kept where it fails.</summary>
    private static async Task Ended(Task load) => await load.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>A version in memory, or on its way there.</summary>
    private sealed class LoadedModel(string name, int version)
    {
        internal string Name => name;

        internal int Version => version;

        internal Task<ModelEngine> Engine { get; set; } = null!; // set before anybody else sees it
    }
}
