using System.Text.Json.Nodes;
using FlowGrain.Flows;

namespace FlowGrain.Training;

/// <summary>Where two designs of a flow differ.</summary>
internal static class DesignDifference
{
    /// <summary>The first place, as the end of a sentence; empty where one is none, and null where both are the same flow.</summary>
    internal static string? Of(string? own, string given)
    {
        if (own is null) return "";
        if (Path(Canonical(own), Canonical(given), "") is not { } path) return null;
        return path == "" ? "" : $", which differs at {path.TrimStart('.')}";
    }

    /// <summary>With every default written out.</summary>
    private static JsonNode? Canonical(string design) => JsonNode.Parse(FlowDesign.Read(design).ToJson());

    private static string? Path(JsonNode? one, JsonNode? other, string path) => (one, other) switch
    {
        (JsonObject a, JsonObject b) => a.Select(pair => pair.Key).Union(b.Select(pair => pair.Key)).Select(key => Path(a[key], b[key], $"{path}.{key}")).FirstOrDefault(found => found is not null),
        (JsonArray a, JsonArray b) when a.Count == b.Count => a.Select((item, i) => Path(item, b[i], $"{path}[{i}]")).FirstOrDefault(found => found is not null),
        _ => JsonNode.DeepEquals(one, other) ? null : path,
    };
}
