using System.Buffers.Binary;
using System.Text;

namespace FlowGrain.Tests.Grains.Data;

/// <summary>Writes npy arrays as numpy does.</summary>
internal static class Npy
{
    internal static byte[] Of(double[,] table, string descr = "<f8", bool fortran = false, byte version = 1)
    {
        var (rows, width) = (table.GetLength(0), table.GetLength(1));
        var numbers = fortran
            ? from column in Enumerable.Range(0, width) from row in Enumerable.Range(0, rows) select table[row, column]
            : table.Cast<double>();
        return [.. Head($"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': ({rows}, {width}), }}", version), .. numbers.SelectMany(number => Bytes(number, descr))];
    }

    internal static byte[] Head(string dictionary, byte version = 1)
    {
        var text = Encoding.ASCII.GetBytes(dictionary.PadRight(117) + "\n");
        var length = new byte[version == 1 ? 2 : 4];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        else BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)text.Length);
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text];
    }

    private static byte[] Bytes(double number, string descr)
    {
        byte[] bytes = descr[1..] switch
        {
            "f8" => BitConverter.GetBytes(number),
            "f4" => BitConverter.GetBytes((float)number),
            "f2" => BitConverter.GetBytes((Half)number),
            "i8" => BitConverter.GetBytes((long)number),
            "i4" => BitConverter.GetBytes((int)number),
            "i2" => BitConverter.GetBytes((short)number),
            "i1" => [(byte)(sbyte)number],
            "u8" => BitConverter.GetBytes((ulong)number),
            "u4" => BitConverter.GetBytes((uint)number),
            "u2" => BitConverter.GetBytes((ushort)number),
            "u1" => [(byte)number],
            _ => [(byte)(number == 0 ? 0 : 1)],
        };
        if (descr[0] == '>') Array.Reverse(bytes);
        return bytes;
    }
}
