using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace FlowGrain.Silo.Inference;

/// <summary>A tensor that came with a request, its shape and bytes checked.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its numbers are.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Numbers">Its numbers, row-major; NaN for null.</param>
/// <param name="Whole">The same where they are whole, exact to 64 bits; empty for others, and where many came as bytes.</param>
internal sealed record Tensor(string Name, Datatype Type, ImmutableArray<long> Shape, double[] Numbers, long[] Whole);

/// <summary>A tensor of an answer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions.</param>
internal abstract record OutputTensor(string Name, ImmutableArray<long> Shape)
{
    /// <summary>What its numbers are.</summary>
    internal abstract Datatype Type { get; }

    /// <summary>Its numbers as they travel, little-endian.</summary>
    internal abstract ReadOnlySpan<byte> Bytes { get; }
}

/// <summary>A tensor of float32.</summary>
internal sealed record SingleTensor(string Name, ImmutableArray<long> Shape, ReadOnlyMemory<float> Values) : OutputTensor(Name, Shape)
{
    internal override Datatype Type => Datatype.Single;

    internal override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Values.Span);
}

/// <summary>A tensor of float64.</summary>
internal sealed record DoubleTensor(string Name, ImmutableArray<long> Shape, ReadOnlyMemory<double> Values) : OutputTensor(Name, Shape)
{
    internal override Datatype Type => Datatype.Double;

    internal override ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(Values.Span);
}

/// <summary>A tensor of truths.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Values">Its truths; null for those that nobody can tell, which have no byte of their own and travel as false.</param>
/// <param name="WhyUnknown">Why that may be.</param>
internal sealed record BoolTensor(string Name, ImmutableArray<long> Shape, ImmutableArray<bool?> Values, string WhyUnknown) : OutputTensor(Name, Shape)
{
    /// <summary>The parameters of the tensor that say how many are unknown, and why.</summary>
    internal const string CountParameter = "unknown_count", ReasonParameter = "unknown_reason";

    private readonly byte[] _bytes = [.. Values.Select(value => value == true ? (byte)1 : (byte)0)];

    /// <summary>How many are unknown.</summary>
    internal int Unknown { get; } = Values.Count(value => value is null);

    internal override Datatype Type => Datatype.Bool;

    internal override ReadOnlySpan<byte> Bytes => _bytes;
}
