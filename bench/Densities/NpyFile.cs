using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowGrain.Bench.Densities;

/// <summary>The arrays of NumPy that the sets of these benchmarks come as, and are written as.</summary>
internal static partial class NpyFile
{
    /// <summary>A matrix of bytes, gzipped.</summary>
    internal static (byte[] Values, int Width) Bytes(string path)
    {
        using var content = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        content.CopyTo(whole);
        var bytes = whole.ToArray();
        var header = 10 + BitConverter.ToUInt16(bytes, 8);
        return (bytes[header..], Width(bytes.AsSpan(0, header)));
    }

    /// <summary>A matrix or a vector of float64 or of whole numbers, one of an npz.</summary>
    internal static (double[] Values, int Width) Numbers(ZipArchive archive, string name)
    {
        using var content = archive.GetEntry(name + ".npy")!.Open();
        using var whole = new MemoryStream();
        content.CopyTo(whole);
        var bytes = whole.ToArray();
        var header = 10 + BitConverter.ToUInt16(bytes, 8);
        var text = Encoding.ASCII.GetString(bytes, 0, header);
        var body = bytes.AsSpan(header);
        if (text.Contains("'fortran_order': True", StringComparison.Ordinal)) throw new InvalidDataException($"{name} is in Fortran's order.");
        double[] values = Type().Match(text).Groups[1].Value switch
        {
            "<f8" => MemoryMarshal.Cast<byte, double>(body).ToArray(),
            "<f4" => [.. MemoryMarshal.Cast<byte, float>(body).ToArray().Select(value => (double)value)],
            "<i8" => [.. MemoryMarshal.Cast<byte, long>(body).ToArray().Select(value => (double)value)],
            "<i4" => [.. MemoryMarshal.Cast<byte, int>(body).ToArray().Select(value => (double)value)],
            "<i2" => [.. MemoryMarshal.Cast<byte, short>(body).ToArray().Select(value => (double)value)],
            "|u1" => [.. body.ToArray().Select(value => (double)value)],
            var type => throw new InvalidDataException($"{name} is of type {type}."),
        };
        return (values, Width(bytes.AsSpan(0, header)));
    }

    /// <summary>Writes a matrix of float64.</summary>
    internal static void Write(string path, ReadOnlySpan<double> values, int width)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({values.Length / width}, {width}), }}").PadRight(117) + "\n";
        using var file = File.Create(path);
        file.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. Encoding.ASCII.GetBytes(text)]);
        file.Write(MemoryMarshal.AsBytes(values));
    }

    private static int Width(ReadOnlySpan<byte> header) => Shape().Match(Encoding.ASCII.GetString(header)) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 1;

    [GeneratedRegex(@"'descr': '([^']+)'")]
    private static partial Regex Type();

    [GeneratedRegex(@"'shape': \(\d+, (\d+)\)")]
    private static partial Regex Shape();
}
