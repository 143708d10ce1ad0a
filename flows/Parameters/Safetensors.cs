using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlowGrain.Flows;

/// <summary>
/// The flat parameter buffer as a safetensors file: eight bytes with the header's length, a JSON header that names every
/// tensor, and the buffer itself, little-endian float32.
/// </summary>
/// <remarks>Format: https://github.com/huggingface/safetensors, "Format".</remarks>
public static class Safetensors
{
    private const int Alignment = 8; // the header is padded with spaces, as the reference writer does
    private const int MostHeaderBytes = 100_000_000; // the reference reader's limit
    private const string Metadata = "__metadata__"; // other writers may add it

    private static readonly JsonSerializerOptions Strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Writes the buffer under the names of its layout.</summary>
    public static void Write(Stream stream, ParameterLayout layout, ReadOnlySpan<float> values)
    {
        var header = Header(layout);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads a buffer that was written under the names of this layout.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another flow; the message says what differs.</exception>
    public static float[] Read(Stream stream, ParameterLayout layout)
    {
        try
        {
            RequireSameTensors(ReadHeader(stream), layout);
            var values = new float[layout.Count];
            stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            return stream.ReadByte() < 0 ? values : throw new InvalidDataException("It is longer than its header says.");
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("It is shorter than its header says.");
        }
    }

    private static byte[] Header(ParameterLayout layout)
    {
        var tensors = layout.Blocks.ToDictionary(block => block.Name, TensorEntry.Of);
        var json = JsonSerializer.SerializeToUtf8Bytes(tensors);
        return [.. json, .. Enumerable.Repeat((byte)' ', (Alignment - json.Length % Alignment) % Alignment)];
    }

    private static Dictionary<string, TensorEntry> ReadHeader(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(length);
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (bytes > MostHeaderBytes) throw new InvalidDataException($"Its header claims {bytes} bytes.");
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

    private static void RequireSameTensors(Dictionary<string, TensorEntry> header, ParameterLayout layout)
    {
        foreach (var block in layout.Blocks)
        {
            if (!header.TryGetValue(block.Name, out var tensor)) throw new InvalidDataException($"It has no tensor '{block.Name}'.");
            if (!tensor.Is(block)) throw new InvalidDataException($"Its tensor '{block.Name}' is {tensor}; the flow expects {TensorEntry.Of(block)}.");
        }

        if (header.Count > layout.Blocks.Length) throw new InvalidDataException($"It has {header.Count} tensors; the flow has {layout.Blocks.Length}.");
    }

    /// <summary>What the header says of one tensor.</summary>
    private sealed record TensorEntry(
        [property: JsonPropertyName("dtype")] string Type,
        [property: JsonPropertyName("shape")] ImmutableArray<long> Shape,
        [property: JsonPropertyName("data_offsets")] ImmutableArray<long> Offsets)
    {
        internal static TensorEntry Of(ParameterBlock block) => new(
            "F32", [.. block.Shape.Select(size => (long)size)], [(long)block.Offset * sizeof(float), (block.Offset + (long)block.Count) * sizeof(float)]);

        internal bool Is(ParameterBlock block)
        {
            var expected = Of(block);
            return Type == expected.Type && Shape.SequenceEqual(expected.Shape) && Offsets.SequenceEqual(expected.Offsets);
        }

        public override string ToString() => $"{Type} [{string.Join(", ", Shape)}] at bytes {string.Join(" to ", Offsets)}";
    }
}
