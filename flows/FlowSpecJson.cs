using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowGrain.Flows;

/// <summary>The canonical JSON of a <see cref="FlowSpec"/>: UTF-8, declared order, shortest round-trip numbers.</summary>
public static class FlowSpecJson
{
    private static readonly JsonSerializerOptions Compact = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    /// <summary>The canonical bytes, which <see cref="FlowSpec.Hash"/> is of.</summary>
    public static byte[] Write(FlowSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, Compact);

    /// <summary>The same, indented for people.</summary>
    public static byte[] WriteIndented(FlowSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, Indented);

    /// <summary>Reads a design in the same words.</summary>
    internal static FlowDesign ReadDesign(string json) => JsonSerializer.Deserialize<FlowDesign>(json, Compact) ?? throw new JsonException("it is null");

    /// <summary>Writes one, every default in its place.</summary>
    internal static byte[] WriteDesign(FlowDesign design) => JsonSerializer.SerializeToUtf8Bytes(design, Compact);

    /// <summary>Reads and validates a spec.</summary>
    /// <exception cref="ArgumentException">It is not a spec that this program can build; the message says why.</exception>
    public static FlowSpec Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var spec = JsonSerializer.Deserialize<FlowSpec>(json, Compact) ?? throw new JsonException("it is null");
            return spec.Validated();
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            throw new ArgumentException($"This is not a flow that format {FlowSpec.CurrentFormat} knows: {error.Message}", error);
        }
    }
}
