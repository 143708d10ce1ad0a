using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>The models of this silo by the names that the protocol gives them: <c>name</c>, <c>name.sample</c> and <c>name.detect</c>.</summary>
internal sealed class ServedModels(ModelEngines engines, KnownModels known)
{
    private static readonly string[] Suffixes = [SampleFunction.Suffix, DetectFunction.Suffix];

    private readonly ConcurrentDictionary<string, int> _answered = []; // by model: the version that answered last as the newest
    private long _unnamed; // requests without an id

    /// <summary>The function of a name, its weights in memory.</summary>
    /// <param name="name">The model's name, with the suffix of a function.</param>
    /// <param name="version">A number or an alias; null for what answers a request that names none.</param>
    /// <param name="id">What the client calls its request: of those that name no version, it decides which is answered by which.</param>
    /// <exception cref="NotFoundException">There is no such model or version.</exception>
    /// <exception cref="UnavailableException">It was unloaded, is damaged, or fails its self-test.</exception>
    internal Task<ModelFunction> Function(string name, string? version, string? id = null) => Function(name, version, id, engines.ToAnswer);

    /// <summary>The function of a name, to tell what it is: it takes no other's place in memory.</summary>
    /// <inheritdoc cref="Function(string, string?, string?)"/>
    internal Task<ModelFunction> Described(string name, string? version) => Function(name, version, id: null, engines.ToDescribe);

    /// <summary>A version of a model, for a picture of it: it takes no other's place in memory.</summary>
    /// <inheritdoc cref="Function(string, string?, string?)"/>
    internal async Task<ModelEngine> LookAt(string model, int version) => (await Described(model, version.ToString(CultureInfo.InvariantCulture))).Engine;

    /// <summary>The function that computes a request beside the one that answers it; null for none.</summary>
    internal async Task<ModelFunction?> Shadow(string name, string? id)
    {
        if (Split(name) is not (var model, "") || known.Get(model) is var registered && registered.Registration.Traffic is null) return null;
        return registered.ShadowFor(IdOf(registered, id)) is { } version ? ModelFunction.Of(await engines.Known(model, version), suffix: "") : null;
    }

    /// <summary>The model of a name.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal RegisteredModel Get(string name) => known.Get(Split(name).Model);

    /// <summary>The versions of a name, ascending.</summary>
    /// <exception cref="NotFoundException">There is no such model.</exception>
    internal ImmutableArray<int> Versions(string name) => Get(name).Versions;

    private static (string Model, string Suffix) Split(string name) =>
        Suffixes.FirstOrDefault(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix ? (name[..^suffix.Length], suffix) : (name, "");

    private async Task<ModelFunction> Function(string name, string? version, string? id, Func<string, int, Task<ModelEngine>> load)
    {
        var (model, suffix) = Split(name);
        while (true)
        {
            var registered = known.Get(model).RequireLoaded();
            var answers = version is null ? registered.NamedFor(IdOf(registered, id)) : known.Resolve(model, version);
            try
            {
                return ModelFunction.Of(answers is { } one ? await load(model, one) : await NewestSound(registered, load), suffix);
            }
            catch (UnavailableException) when (version is null && !ReferenceEquals(known.Get(model), registered))
            {
                // The alias has moved meanwhile, and its former version is deleted: another answers now.
            }
        }
    }

    /// <summary>
    /// The newest version that passes its self-test. One that was not tested yet is while the one that answered so far goes on, and
    /// one that does not pass takes nobody's answer away.
    /// </summary>
    private async Task<ModelEngine> NewestSound(RegisteredModel model, Func<string, int, Task<ModelEngine>> load)
    {
        for (var i = model.Versions.Length - 1; i > 0; i--)
        {
            var version = model.Versions[i];
            if (engines.Trials.Rests(model.Name, version)) continue;
            if (!engines.Trials.IsSound(model.Name, version) && Before(model, version) is { } before)
            {
                engines.Begin(model.Name, version);
                return await load(model.Name, before);
            }

            try
            {
                return await Answers(version);
            }
            catch (UnavailableException)
            {
                // It is logged, and said of it in every list.
            }
        }

        return await Answers(model.Versions[0]);

        async Task<ModelEngine> Answers(int version)
        {
            var engine = await load(model.Name, version);
            if (_answered.GetValueOrDefault(model.Name) != version) _answered[model.Name] = version;
            return engine;
        }
    }

    /// <summary>The version that answered as the newest before there was a newer one, and still can; null where none has since the silo started.</summary>
    private int? Before(RegisteredModel model, int newer) =>
        _answered.TryGetValue(model.Name, out var version) && version < newer && model.Versions.Contains(version) && engines.IsReady(model.Name, version) ? version : null;

    /// <summary>The id of a request; one that has none gets the next number, so that a rule gives those their part too.</summary>
    private string IdOf(RegisteredModel model, string? id) =>
        id ?? (model.Registration.Traffic is null ? "" : Interlocked.Increment(ref _unnamed).ToString(CultureInfo.InvariantCulture));
}
