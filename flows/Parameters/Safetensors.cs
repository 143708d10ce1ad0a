using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

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
        var tensors = layout.Blocks.ToDictionary(block => block.Name, block => new
        {
            dtype = "F32",
            shape = block.Shape,
            data_offsets = new[] { (long)block.Offset * sizeof(float), (block.Offset + (long)block.Count) * sizeof(float) },
        });
        var json = JsonSerializer.SerializeToUtf8Bytes(tensors);
        return [.. json, .. Enumerable.Repeat((byte)' ', (Alignment - json.Length % Alignment) % Alignment)];
    }

    private static JsonElement ReadHeader(Stream stream)
    {
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(length);
        var bytes = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (bytes > MostHeaderBytes) throw new InvalidDataException($"Its header claims {bytes} bytes.");
        var header = new byte[bytes];
        stream.ReadExactly(header);
        try
        {
            return JsonDocument.Parse(header).RootElement;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("Its header is not JSON.", error);
        }
    }

    private static void RequireSameTensors(JsonElement header, ParameterLayout layout)
    {
        foreach (var block in layout.Blocks)
        {
            if (!header.TryGetProperty(block.Name, out var tensor)) throw new InvalidDataException($"It has no tensor '{block.Name}'.");
            ImmutableArray<int> shape = [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32())];
            var offset = tensor.GetProperty("data_offsets")[0].GetInt64();
            if (!shape.SequenceEqual(block.Shape) || offset != (long)block.Offset * sizeof(float))
                throw new InvalidDataException($"Its tensor '{block.Name}' is [{string.Join(", ", shape)}] at byte {offset}; the flow expects [{string.Join(", ", block.Shape)}] at {(long)block.Offset * sizeof(float)}.");
        }
    }
}
