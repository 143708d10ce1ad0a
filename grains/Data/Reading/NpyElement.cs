using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace FlowGrain.Data;

/// <summary>The number type of an npy array, from its descr such as "&lt;f4".</summary>
/// <param name="Kind">f, i, u or b, as numpy names it.</param>
/// <param name="Size">Bytes of one number.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct NpyElement(char Kind, int Size, bool IsBigEndian)
{
    /// <summary>The types, as sentences list them.</summary>
    internal const string Supported = "f2, f4, f8, i1 to i8, u1 to u8 and b1";

    /// <summary>Parses a descr; false where the type is no real number.</summary>
    internal static bool TryParse(string descr, out NpyElement element)
    {
        element = default;
        if (descr.Length != 3 || !"<>|=".Contains(descr[0]) || !char.IsAsciiDigit(descr[2])) return false;

        element = new(descr[1], descr[2] - '0', descr[0] == '>');
        return (element.Kind, element.Size) is ('f', 2 or 4 or 8) or ('i' or 'u', 1 or 2 or 4 or 8) or ('b', 1);
    }

    /// <summary>Turns the bytes of an array into numbers; the bytes may be reordered in place.</summary>
    internal void Decode(Span<byte> bytes, Span<double> numbers)
    {
        if (IsBigEndian) Reverse(bytes);
        switch (Kind, Size)
        {
            case ('f', 8): Convert<double>(bytes, numbers); break;
            case ('f', 4): Convert<float>(bytes, numbers); break;
            case ('f', 2): Convert<Half>(bytes, numbers); break;
            case ('i', 8): Convert<long>(bytes, numbers); break;
            case ('i', 4): Convert<int>(bytes, numbers); break;
            case ('i', 2): Convert<short>(bytes, numbers); break;
            case ('i', 1): Convert<sbyte>(bytes, numbers); break;
            case ('u', 8): Convert<ulong>(bytes, numbers); break;
            case ('u', 4): Convert<uint>(bytes, numbers); break;
            case ('u', 2): Convert<ushort>(bytes, numbers); break;
            case ('u', 1): Convert<byte>(bytes, numbers); break;
            default: ConvertBooleans(bytes, numbers); break;
        }
    }

    private static void Convert<T>(ReadOnlySpan<byte> bytes, Span<double> numbers) where T : unmanaged, INumberBase<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(bytes);
        for (var i = 0; i < values.Length; i++)
            numbers[i] = double.CreateTruncating(values[i]);
    }

    private static void ConvertBooleans(ReadOnlySpan<byte> bytes, Span<double> numbers)
    {
        for (var i = 0; i < bytes.Length; i++)
            numbers[i] = bytes[i] == 0 ? 0 : 1;
    }

    private void Reverse(Span<byte> bytes)
    {
        switch (Size)
        {
            case 8: Reverse(MemoryMarshal.Cast<byte, ulong>(bytes)); break;
            case 4: Reverse(MemoryMarshal.Cast<byte, uint>(bytes)); break;
            case 2: Reverse(MemoryMarshal.Cast<byte, ushort>(bytes)); break;
        }
    }

    private static void Reverse(Span<ulong> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<uint> values) => BinaryPrimitives.ReverseEndianness(values, values);

    private static void Reverse(Span<ushort> values) => BinaryPrimitives.ReverseEndianness(values, values);
}
