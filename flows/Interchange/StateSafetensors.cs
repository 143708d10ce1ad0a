using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowGrain.Flows.Interchange;

/// <summary>A state dict as a safetensors file.</summary>
/// <remarks>Format: https://github.com/huggingface/safetensors, "Format".</remarks>
public static class StateSafetensors
{
    private const long MostBytes = int.MaxValue; // of a tensor

    /// <summary>Writes tensors in their order.</summary>
    public static void Write(Stream stream, IReadOnlyList<(string Name, StateTensor Tensor)> tensors)
    {
        var (entries, end) = (new Dictionary<string, TensorEntry>(), 0L);
        foreach (var (name, tensor) in tensors)
        {
            var begin = end;
            end += tensor.Bytes().Length;
            entries.Add(name, new TensorEntry(NameOf(tensor.Type), [.. tensor.Shape.Select(size => (long)size)], [begin, end]));
        }

        SafetensorsHeader.Write(stream, entries);
        foreach (var (_, tensor) in tensors) stream.Write(tensor.Bytes());
    }

    /// <summary>Reads every tensor.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or has a type that a state dict of a flow has not.</exception>
    public static Dictionary<string, StateTensor> Read(Stream stream)
    {
        try
        {
            var entries = SafetensorsHeader.Read(stream);
            var (tensors, at) = (new Dictionary<string, StateTensor>(), 0L);
            foreach (var (name, entry) in entries.OrderBy(entry => entry.Value.Offsets is [var first, _] ? first : 0))
            {
                if (entry.Offsets is not [var begin, var end] || begin != at || end < begin || end - begin > MostBytes) throw new InvalidDataException($"Its tensor '{name}' lies where there is none.");
                var bytes = new byte[end - begin];
                stream.ReadExactly(bytes);
                tensors.Add(name, Tensor(name, entry, bytes));
                at = end;
            }

            return stream.ReadByte() < 0 ? tensors : throw new InvalidDataException("It is longer than its header says.");
        }
        catch (EndOfStreamException)
        {
            throw new InvalidDataException("It is shorter than its header says.");
        }
    }

    private static StateTensor Tensor(string name, TensorEntry entry, byte[] bytes)
    {
        var values = Values(name, entry.Type, bytes);
        if (entry.Shape.IsDefault || entry.Shape.Any(size => size is < 0 or > int.MaxValue) || entry.Shape.Aggregate((Int128)1, (product, size) => product * size) != values.Length)
            throw new InvalidDataException($"Its tensor '{name}' has {values.Length} numbers, which its shape has not.");
        return new StateTensor(TypeOf(entry.Type), [.. entry.Shape.Select(size => (int)size)], values);
    }

    private static double[] Values(string name, string type, byte[] bytes) => type switch
    {
        "F64" => Of<double>(bytes),
        "F32" => Of<float>(bytes),
        "F16" => Of<Half>(bytes),
        "BF16" => [.. Of<ushort>(bytes).Select(half => (double)BitConverter.UInt32BitsToSingle((uint)half << 16))],
        "I64" => Of<long>(bytes),
        "I32" => Of<int>(bytes),
        "U8" or "BOOL" => Of<byte>(bytes),
        _ => throw new InvalidDataException($"Its tensor '{name}' has the type {type}; save it as float32 or float64."),
    };

    private static double[] Of<T>(byte[] bytes) where T : unmanaged, INumberBase<T>
    {
        var numbers = MemoryMarshal.Cast<byte, T>(bytes);
        var values = new double[numbers.Length];
        for (var i = 0; i < values.Length; i++) values[i] = double.CreateTruncating(numbers[i]);
        return values;
    }

    private static StateType TypeOf(string type) => type switch
    {
        "F64" => StateType.Float64,
        "I64" or "I32" or "U8" => StateType.Int64,
        "BOOL" => StateType.Bool,
        _ => StateType.Float32,
    };

    private static string NameOf(StateType type) => type switch
    {
        StateType.Float32 => "F32",
        StateType.Float64 => "F64",
        StateType.Int64 => "I64",
        _ => "BOOL",
    };
}
