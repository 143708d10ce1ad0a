using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FlowGrain.Flows;

/// <summary>
/// The flat parameter buffer as a safetensors file: eight bytes with the header's length, a JSON header that names every
/// tensor, and the buffer itself, little-endian float32.
/// </summary>
/// <remarks>Format: https://github.com/huggingface/safetensors, "Format".</remarks>
public static class Safetensors
{
    private const int PieceBytes = 1 << 16;

    /// <summary>Writes the buffer under the names of its layout.</summary>
    public static void Write(Stream stream, ParameterLayout layout, ReadOnlySpan<float> values)
    {
        SafetensorsHeader.Write(stream, layout.Blocks.ToDictionary(block => block.Name, Entry));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Reads a buffer that was written under the names of this layout.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another flow; the message says what differs.</exception>
    public static float[] Read(Stream stream, ParameterLayout layout) => Reading(stream, layout, () =>
    {
        var values = new float[layout.Count];
        stream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    });

    /// <summary>SHA-256 of such a buffer, in hexadecimal digits, read piece by piece: whoever only asks whether it is whole need not hold it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another flow; the message says what differs.</exception>
    public static string Sha256(Stream stream, ParameterLayout layout) => Reading(stream, layout, () =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        for (var left = (long)layout.Count * sizeof(float); left > 0;)
        {
            var some = piece.AsSpan(0, (int)Math.Min(left, PieceBytes));
            stream.ReadExactly(some);
            hash.AppendData(some);
            left -= some.Length;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    });

    /// <summary>Reads what stands between the header and the end.</summary>
    private static T Reading<T>(Stream stream, ParameterLayout layout, Func<T> read)
    {
        try
        {
            RequireSameTensors(SafetensorsHeader.Read(stream), layout);
            var values = read();
            return stream.ReadByte() < 0 ? values : throw new InvalidDataException("It is longer than its header says.");
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("It is shorter than its header says.");
        }
    }

    private static void RequireSameTensors(Dictionary<string, TensorEntry> header, ParameterLayout layout)
    {
        foreach (var block in layout.Blocks)
        {
            if (!header.TryGetValue(block.Name, out var tensor)) throw new InvalidDataException($"It has no tensor '{block.Name}'.");
            if (!tensor.Is(Entry(block))) throw new InvalidDataException($"Its tensor '{block.Name}' is {tensor}; the flow expects {Entry(block)}.");
        }

        if (header.Count > layout.Blocks.Length) throw new InvalidDataException($"It has {header.Count} tensors; the flow has {layout.Blocks.Length}.");
    }

    private static TensorEntry Entry(ParameterBlock block) => new(
        "F32", [.. block.Shape.Select(size => (long)size)], [(long)block.Offset * sizeof(float), (block.Offset + (long)block.Count) * sizeof(float)]);
}
