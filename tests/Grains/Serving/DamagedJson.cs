using System.Text.Json.Nodes;

namespace FlowGrain.Tests.Grains.Serving;

/// <summary>A document with one thing wrong, in every place and in many ways.</summary>
internal static class DamagedJson
{
    private static readonly string[] Others = ["null", "{}", "[]", "[null]", "\"x\"", "-1", "1e300", "true"];

    internal static IEnumerable<string> Of(string json)
    {
        foreach (var other in Others.Append("").Append("{")) yield return other;
        foreach (var place in Places(JsonNode.Parse(json)!, []).ToArray())
        {
            yield return With(json, place, null);
            foreach (var other in Others) yield return With(json, place, other);
        }
    }

    /// <summary>The ways to every value: names and numbers. Of long lists the first values are enough.</summary>
    private static IEnumerable<object[]> Places(JsonNode? node, object[] way) => node switch
    {
        JsonObject fields => fields.ToArray().SelectMany(field => Places(field.Value, [.. way, field.Key]).Prepend([.. way, field.Key])),
        JsonArray values => values.Take(2).ToArray().SelectMany((value, i) => Places(value, [.. way, i]).Prepend([.. way, i])),
        _ => [],
    };

    private static string With(string json, object[] way, string? other)
    {
        var root = JsonNode.Parse(json)!;
        var parent = way[..^1].Aggregate(root, (node, step) => step is int index ? node[index]! : node[(string)step]!);
        if (parent is JsonArray values) Set(values, (int)way[^1], other);
        else Set(parent.AsObject(), (string)way[^1], other);
        return root.ToJsonString();
    }

    private static void Set(JsonArray values, int index, string? other)
    {
        if (other is null) values.RemoveAt(index);
        else values[index] = JsonNode.Parse(other);
    }

    private static void Set(JsonObject fields, string name, string? other)
    {
        fields.Remove(name);
        if (other is not null) fields[name] = JsonNode.Parse(other);
    }
}
