using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowGrain.Flows;

/// <summary>The head of a safetensors file: eight bytes with its length, and a JSON object that says of every tensor where it lies behind it.</summary>
internal static class SafetensorsHeader
{
    private const int Alignment = 8; // the header is padded with spaces, as the reference writer does
    private const int MostBytes = 100_000_000; // the reference reader's limit
    private const string Metadata = "__metadata__"; // other writers may add it

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    internal static void Write(Stream stream, Dictionary<string, TensorEntry> tensors)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(tensors);
        byte[] header = [.. json, .. Enumerable.Repeat((byte)' ', (Alignment - json.Length % Alignment) % Alignment)];
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
    }

    /// <summary>Reads it and leaves the stream at the first tensor.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="EndOfStreamException">The file ends in it.</exception>
    internal static Dictionary<string, TensorEntry> Read(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(length);
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (bytes > MostBytes) throw new InvalidDataException($"Its header claims {bytes} bytes.");
        var header = new byte[bytes];
        stream.ReadExactly(header);
        try
        {
            using var document = JsonDocument.Parse(header);
            return document.RootElement.EnumerateObject()
                .Where(tensor => tensor.Name != Metadata)
                .ToDictionary(tensor => tensor.Name, tensor => tensor.Value.Deserialize<TensorEntry>(Strict)!);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"Its header is not one of a safetensors file: {error.Message}", error);
        }
    }
}

/// <summary>What the header says of one tensor.</summary>
internal sealed record TensorEntry(
    [property: JsonPropertyName("dtype")] string Type,
    [property: JsonPropertyName("shape")] ImmutableArray<long> Shape,
    [property: JsonPropertyName("data_offsets")] ImmutableArray<long> Offsets)
{
    /// <summary>Whether it is the other.</summary>
    internal bool Is(TensorEntry other) => Type == other.Type && Shape.SequenceEqual(other.Shape) && Offsets.SequenceEqual(other.Offsets);

    public override string ToString() => $"{Type} [{string.Join(", ", Shape)}] at bytes {string.Join(" to ", Offsets)}";
}
