using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowGrain.Storage;

/// <summary>How this system writes JSON to disk: camelCase, enums as words, numbers that may be infinite or NaN as words.</summary>
internal static class Json
{
    internal static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true, // a null where there must be something is damage, to be found when it is read
    };

    internal static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    internal static string Text<T>(T value) => JsonSerializer.Serialize(value, Compact);

    internal static T Value<T>(string json) => JsonSerializer.Deserialize<T>(json, Compact) ?? throw new JsonException("The document is null.");

    internal static T Value<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize<T>(json, Compact) ?? throw new JsonException("The document is null.");
}
