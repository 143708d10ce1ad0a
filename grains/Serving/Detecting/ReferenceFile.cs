using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>reference.npy of a model folder: <c>[rows, 2]</c> of float32, log-density and ‖z‖² of rows that the run held out.</summary>
internal static class ReferenceFile
{
    private const int HeaderBytes = 128; // a multiple of 64, as the format wants
    private const int RowBytes = 2 * sizeof(float);

    /// <summary>The file's name.</summary>
    internal const string Name = "reference.npy";

    /// <summary>Writes it, on disk when this returns; returns the record with what names it.</summary>
    internal static RunRecord Write(StagingFolder folder, RunRecord record, Reference? reference)
    {
        if (reference is null) return record;
        byte[] bytes = [.. Header(reference.LogDensity.Length), .. reference.LogDensity.Zip(reference.Norm).SelectMany(Row)];
        Durable.WriteFile(folder.In(Name), bytes);
        return record with { Reference = new RecordFile(Name, reference.LogDensity.Length, Sha256(bytes)) };
    }

    /// <summary>Reads what a record names.</summary>
    /// <exception cref="InvalidDataException">It is another file.</exception>
    internal static Reference Read(ReadOnlySpan<byte> bytes, RecordFile named)
    {
        if (Sha256(bytes) != named.Sha256) throw new InvalidDataException("Its SHA-256 is not the one that run.json names.");
        if (named.Lines is < 1 or > Reference.MostRows || bytes.Length != HeaderBytes + named.Lines * RowBytes) throw new InvalidDataException($"It does not have the {named.Lines} rows that run.json names.");
        var numbers = MemoryMarshal.Cast<byte, float>(bytes[HeaderBytes..]);
        var (logDensity, norm) = (new float[named.Lines], new float[named.Lines]);
        for (var row = 0; row < logDensity.Length; row++) (logDensity[row], norm[row]) = (numbers[2 * row], numbers[2 * row + 1]);
        return new Reference(logDensity, norm);
    }

    private static byte[] Row((float LogDensity, float Norm) row)
    {
        var bytes = new byte[RowBytes];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, row.LogDensity);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float)), row.Norm);
        return bytes;
    }

    private static byte[] Header(int rows)
    {
        var text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, 2), }}".PadRight(HeaderBytes - 11) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, HeaderBytes - 10, 0, .. Encoding.ASCII.GetBytes(text)];
    }

    private static string Sha256(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
