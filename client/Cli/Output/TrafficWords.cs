using System.Globalization;
using FlowGrain.Serving;

namespace FlowGrain.Cli.Output;

/// <summary>Changes of the registry as people read them.</summary>
internal static class TrafficWords
{
    /// <summary>Which requests go elsewhere; null where none do.</summary>
    internal static string? Of(TrafficRule? rule) => rule switch
    {
        null => null,
        { IsShadow: true } => $"{Share(rule.PerMille)} of the requests are computed by {rule.Alias} too, beside the champion that answers them.",
        _ => $"{Share(rule.PerMille)} of the requests are answered by {rule.Alias}.",
    };

    /// <summary>What happened.</summary>
    internal static string Of(RegistryChange change) => change.Kind switch
    {
        RegistryChangeKind.Pointed => $"{change.Alias} is version {change.Version}",
        RegistryChangeKind.RolledBack => $"{change.Alias} rolled back to version {change.Version}",
        RegistryChangeKind.Removed => $"{change.Alias} removed",
        RegistryChangeKind.Deleted => $"version {change.Version} deleted",
        RegistryChangeKind.Split => $"{change.Alias} answers {Share(change.PerMille ?? 0)}",
        RegistryChangeKind.Shadowed => $"{change.Alias} shadows {Share(change.PerMille ?? 0)}",
        RegistryChangeKind.Unsplit => "the champion answers all",
        RegistryChangeKind.Unloaded => "unloaded",
        _ => "loaded",
    };

    private static string Share(int perMille) => string.Create(CultureInfo.InvariantCulture, $"{perMille / 10.0:0.#}%");
}
