using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>The models of this silo by the names that the protocol gives them: <c>name</c>, <c>name.sample</c> and <c>name.detect</c>.</summary>
internal sealed class ServedModels(ModelEngines engines, KnownModels known)
{
    private static readonly string[] Suffixes = [SampleFunction.Suffix, DetectFunction.Suffix];

    private long _unnamed; // requests without an id

    /// <summary>The function of a name, its weights in memory.</summary>
    /// <param name="name">The model's name, with the suffix of a function.</param>
    /// <param name="version">A number or an alias; null for what answers a request that names none.</param>
    /// <param name="id">What the client calls its request: of those that name no version, it decides which is answered by which.</param>
    /// <exception cref="NotFoundException">There is no such model or version.</exception>
    /// <exception cref="UnavailableException">It was unloaded, is damaged, or fails its self-test.</exception>
    internal async Task<ModelFunction> Function(string name, string? version, string? id = null)
    {
        var (model, suffix) = Split(name);
        var registered = known.Get(model).RequireLoaded();
        if (version is null && registered.IsNewestMeant) return ModelFunction.Of(await NewestSound(registered), suffix);
        var answers = version is null ? registered.VersionFor(IdOf(registered, id)) : known.Resolve(model, version);
        return ModelFunction.Of(await engines.ToAnswer(model, answers), suffix);
    }

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

    /// <summary>The newest version that passes its self-test: one that does not is not ready, and takes nobody's answer away.</summary>
    private async Task<ModelEngine> NewestSound(RegisteredModel model)
    {
        for (var i = model.Versions.Length - 1; i > 0; i--)
        {
            if (engines.HasJustFailed(model.Name, model.Versions[i])) continue;
            try
            {
                return await engines.Known(model.Name, model.Versions[i]);
            }
            catch (BadInputException)
            {
                // It is logged, and said of it in every list.
            }
        }

        return await engines.ToAnswer(model.Name, model.Versions[0]);
    }

    /// <summary>The id of a request; one that has none gets the next number, so that a rule gives those their part too.</summary>
    private string IdOf(RegisteredModel model, string? id) =>
        id ?? (model.Registration.Traffic is null ? "" : Interlocked.Increment(ref _unnamed).ToString(CultureInfo.InvariantCulture));
}
