using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FlowGrain.Flows.Interchange;

/// <summary>A tensor of a state dict: what PyTorch saves of a module under a name.</summary>
/// <param name="Type">The type of its numbers.</param>
/// <param name="Shape">Its shape; empty for a single number.</param>
/// <param name="Values">Its numbers, row-major; of a truth value 1 or 0.</param>
public sealed record StateTensor(StateType Type, ImmutableArray<int> Shape, double[] Values)
{
    internal static StateTensor Whole(IEnumerable<int> values) => Vector(StateType.Int64, values.Select(value => (double)value));

    internal static StateTensor Vector(StateType type, IEnumerable<double> values)
    {
        double[] all = [.. values];
        return new StateTensor(type, [all.Length], all);
    }

    /// <summary>Its numbers as bytes of its type, little-endian.</summary>
    public byte[] Bytes() => Type switch
    {
        StateType.Float32 => [.. MemoryMarshal.AsBytes<float>([.. Values.Select(value => (float)value)])],
        StateType.Float64 => [.. MemoryMarshal.AsBytes<double>(Values)],
        StateType.Int64 => [.. MemoryMarshal.AsBytes<long>([.. Values.Select(value => (long)value)])],
        _ => [.. Values.Select(value => (byte)value)],
    };

    /// <summary>A shape as people write it.</summary>
    internal static string Text(ImmutableArray<int> shape) => $"[{string.Join(", ", shape)}]";
}

/// <summary>The type of a tensor's numbers.</summary>
public enum StateType
{
    /// <summary>float32.</summary>
    Float32,

    /// <summary>float64.</summary>
    Float64,

    /// <summary>int64.</summary>
    Int64,

    /// <summary>Truth values.</summary>
    Bool,
}
