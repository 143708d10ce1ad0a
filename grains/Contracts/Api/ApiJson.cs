using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowGrain.Api;

/// <summary>JSON as the HTTP API speaks it: camelCase names, enums as words, null for numbers that JSON cannot hold.</summary>
public static class ApiJson
{
    /// <summary>What reads answers: a field that it does not know is a newer silo's, and left alone.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new(JsonSerializerDefaults.Web));

    /// <summary>Makes options speak it.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new FiniteNumber());
        options.RespectNullableAnnotations = true; // a null where there must be something is refused, not met later
        return options;
    }
}
