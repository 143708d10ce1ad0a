using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FlowGrain.Api;

namespace FlowGrain.Cli.Output;

/// <summary>Documents as one line of JSON: camelCase names, enums as words, null for numbers that JSON cannot hold.</summary>
internal static class JsonLine
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // column names stay readable; no HTML is near
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase), new FiniteNumber() },
    };

    internal static string Of(object document) => JsonSerializer.Serialize(document, Options);

    /// <summary>The document as an object that takes further fields.</summary>
    internal static JsonObject Fields(object document) => JsonSerializer.SerializeToNode(document, Options)!.AsObject();
}
