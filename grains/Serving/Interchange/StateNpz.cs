using System.Collections.Immutable;
using System.IO.Compression;
using System.Text;
using FlowGrain.Data;
using FlowGrain.Flows.Interchange;

namespace FlowGrain.Serving;

/// <summary>A state dict as an npz archive, a NumPy array for each tensor: what <c>numpy.savez(file, **tensors)</c> writes.</summary>
internal static class StateNpz
{
    private const string Extension = ".npy";
    private const int MostNumbers = 1 << 28; // of a tensor
    private const int Multiple = 64; // bytes that a header is padded to
    private static readonly DateTimeOffset Date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the first that a zip can tell

    /// <summary>Reads every array.</summary>
    /// <exception cref="BadInputException">The archive is damaged, or an array is no numbers.</exception>
    internal static Dictionary<string, StateTensor> Read(Stream stream, string file)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read);
            return archive.Entries.Where(entry => entry.FullName.EndsWith(Extension, StringComparison.Ordinal)).ToDictionary(entry => entry.FullName[..^Extension.Length], entry => Tensor(entry, file));
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or ArgumentException or EndOfStreamException)
        {
            throw new BadInputException($"'{file}' is not a whole npz file: its zip archive is damaged or truncated; save it again with numpy.savez.");
        }
    }

    /// <summary>Writes an array for each tensor, the same bytes for the same tensors.</summary>
    internal static void Write(Stream stream, IEnumerable<(string Name, StateTensor Tensor)> tensors)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, tensor) in tensors)
        {
            var entry = archive.CreateEntry($"{name}{Extension}", CompressionLevel.NoCompression);
            entry.LastWriteTime = Date;
            using var array = entry.Open();
            array.Write(Header(tensor));
            array.Write(tensor.Bytes());
        }
    }

    private static StateTensor Tensor(ZipArchiveEntry entry, string file)
    {
        using var content = new CheckedEntry(entry, file);
        var head = NpyHeader.ReadArray(content, $"{file}: {entry.FullName}");
        var count = head.Sizes.Aggregate((Int128)1, (product, size) => product * size);
        if (count > MostNumbers || head.Length + count * head.Element.Size != entry.Length) throw new InvalidDataException();
        var (bytes, values) = (new byte[(int)count * head.Element.Size], new double[(int)count]);
        content.ReadExactly(bytes);
        if (content.ReadByte() >= 0) throw new InvalidDataException(); // at its end the checksum is compared
        head.Element.Decode(bytes, values);
        return new StateTensor(TypeOf(head.Element), [.. head.Sizes.Select(size => (int)size)], head.IsFortran ? RowMajor(values, head.Sizes) : values);
    }

    private static StateType TypeOf(NpyElement element) => element switch
    {
        { Kind: 'f', Size: 8 } => StateType.Float64,
        { Kind: 'f' } => StateType.Float32,
        { Kind: 'b' } => StateType.Bool,
        _ => StateType.Int64,
    };

    /// <summary>The numbers with the last axis fastest.</summary>
    private static double[] RowMajor(double[] values, ImmutableArray<long> sizes)
    {
        if (sizes is not [var rows, var columns]) return sizes.Length < 2 ? values : throw new NotSupportedException();
        var turned = new double[values.Length];
        for (var i = 0; i < turned.Length; i++) turned[i] = values[i % columns * rows + i / columns];
        return turned;
    }

    private static byte[] Header(StateTensor tensor)
    {
        const int Before = 10; // signature, version and the length of what follows

        var shape = $"({string.Join(", ", tensor.Shape)}{(tensor.Shape.Length == 1 ? "," : "")})";
        var text = $"{{'descr': '{Descr(tensor.Type)}', 'fortran_order': False, 'shape': {shape}, }}";
        var length = (Before + text.Length + 1 + Multiple - 1) / Multiple * Multiple - Before;
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8), .. Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n")];
    }

    private static string Descr(StateType type) => type switch
    {
        StateType.Float32 => "<f4",
        StateType.Float64 => "<f8",
        StateType.Int64 => "<i8",
        _ => "|b1",
    };
}
