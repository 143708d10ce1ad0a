using System.Buffers.Binary;

namespace FlowGrain.Silo.Inference;

/// <summary>The number types of the Open Inference Protocol.</summary>
/// <param name="Name">As the protocol writes it.</param>
/// <param name="Size">Bytes of a number, little-endian.</param>
/// <param name="IsWhole">Whether it holds whole numbers.</param>
internal sealed record Datatype(string Name, int Size, bool IsWhole)
{
    internal static readonly Datatype Single = new("FP32", 4, IsWhole: false);
    internal static readonly Datatype Double = new("FP64", 8, IsWhole: false);
    internal static readonly Datatype Bool = new("BOOL", 1, IsWhole: true);
    internal static readonly Datatype Int64 = new("INT64", 8, IsWhole: true);

    private static readonly Datatype[] All =
    [
        Bool, new("UINT8", 1, true), new("UINT16", 2, true), new("UINT32", 4, true), new("UINT64", 8, true),
        new("INT8", 1, true), new("INT16", 2, true), new("INT32", 4, true), Int64, new("FP16", 2, false), Single, Double,
    ];

    /// <summary>The type of a tensor.</summary>
    /// <exception cref="BadInputException">There is no such type of numbers.</exception>
    internal static Datatype Of(string tensor, string name) => Array.Find(All, type => type.Name == name)
        ?? throw new BadInputException(name == "" ? $"'{Excerpt.Of(tensor)}' lacks its datatype; send one of {string.Join(", ", All.Select(type => type.Name))}." : $"'{Excerpt.Of(tensor)}' has the datatype '{Excerpt.Of(name)}', which is none of numbers; send {string.Join(", ", All.Select(type => type.Name))}.");

    /// <summary>Whether a whole number is one of the type.</summary>
    /// <param name="value">The number, or the bits of one from 2⁶³ on.</param>
    /// <param name="isLarge">Whether they are such bits.</param>
    internal bool Holds(long value, bool isLarge)
    {
        var bits = 8 * Size;
        if (Name == "BOOL") return value is 0 or 1;
        if (Name[0] == 'U') return Size == sizeof(ulong) ? isLarge || value >= 0 : value >= 0 && value < 1L << bits;
        return !isLarge && (Size == sizeof(long) || (value >= -(1L << (bits - 1)) && value < 1L << (bits - 1)));
    }

    /// <summary>The number of the type that is nearest; infinite beyond the largest.</summary>
    internal double Rounded(double value) => Name switch
    {
        "FP16" => (double)(Half)value,
        "FP32" => (float)value,
        _ => value,
    };

    /// <summary>Reads a number as float64, to the nearest one.</summary>
    internal double Read(ReadOnlySpan<byte> bytes) => Name switch
    {
        "FP16" => (double)BinaryPrimitives.ReadHalfLittleEndian(bytes),
        "FP32" => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        "FP64" => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        _ => ReadWhole(bytes),
    };

    /// <summary>Reads a whole number; one above 2⁶³ comes out negative.</summary>
    internal long ReadWhole(ReadOnlySpan<byte> bytes) => Name switch
    {
        "BOOL" or "UINT8" => bytes[0],
        "INT8" => (sbyte)bytes[0],
        "UINT16" => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        "INT16" => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        "INT32" => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };
}
