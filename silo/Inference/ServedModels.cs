using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Serving;

namespace FlowGrain.Silo.Inference;

/// <summary>The models of this silo by the names that the protocol gives them: <c>name</c>, <c>name.sample</c> and <c>name.detect</c>.</summary>
internal sealed class ServedModels(ModelEngines engines, KnownVersions versions)
{
    private static readonly string[] Suffixes = [SampleFunction.Suffix, DetectFunction.Suffix];

    /// <summary>The function of a name, its weights in memory.</summary>
    /// <exception cref="NotFoundException">There is no such model or version.</exception>
    /// <exception cref="BadInputException">It is damaged.</exception>
    internal async Task<ModelFunction> Function(string name, string? version)
    {
        var (model, suffix) = Split(name);
        return ModelFunction.Of(await engines.Known(model, versions.Resolve(model, Number(version))), suffix);
    }

    /// <summary>The versions of a name, ascending.</summary>
    /// <exception cref="NotFoundException">There is no such model.</exception>
    internal ImmutableArray<int> Versions(string name) => versions.Of(Split(name).Model);

    private static (string Model, string Suffix) Split(string name) =>
        Suffixes.FirstOrDefault(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } suffix ? (name[..^suffix.Length], suffix) : (name, "");

    private static int? Number(string? version) => version switch
    {
        null => null,
        _ when int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw new NotFoundException($"'{version}' is no version; versions are whole numbers from 1 on."),
    };
}
