using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace FlowGrain.Data;

/// <summary>The head of an npy array: its number type, order and shape.</summary>
/// <param name="Element">The type of a number.</param>
/// <param name="IsFortran">Whether the array is stored column by column.</param>
/// <param name="Rows">Rows; a 1-D array is one column.</param>
/// <param name="Width">Numbers in a row.</param>
/// <param name="Length">Bytes of the head itself.</param>
/// <remarks>Format versions 1, 2 and 3: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html</remarks>
internal sealed partial record NpyHeader(NpyElement Element, bool IsFortran, long Rows, int Width, long Length)
{
    private const int MaxHeaderBytes = 1 << 20;

    private static ReadOnlySpan<byte> Signature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes of a row.</summary>
    internal long RowBytes => (long)Width * Element.Size;

    /// <summary>Bytes of head and data together, as the shape promises.</summary>
    internal Int128 ExpectedBytes => Length + ((Int128)Rows * RowBytes);

    /// <summary>Reads the head and leaves the stream at the first number.</summary>
    internal static NpyHeader Read(Stream content, string file)
    {
        var array = ReadArray(content, file);
        var (rows, width) = Table(array.Sizes, file);
        return new(array.Element, array.IsFortran, rows, width, array.Length);
    }

    /// <summary>Reads the head of an array of any number of axes, none included, and leaves the stream at the first number.</summary>
    internal static NpyArray ReadArray(Stream content, string file)
    {
        var start = Bytes(content, 8, file);
        if (!start.AsSpan(0, 6).SequenceEqual(Signature))
            throw new BadInputException($"'{file}' is not an npy array: it does not begin with the npy signature; save it with numpy.save.");

        return Parse(content, file, version: start[6]);
    }

    private static NpyArray Parse(Stream content, string file, byte version)
    {
        if (version is < 1 or > 3) throw new BadInputException($"'{file}' has npy version {version}; versions 1, 2 and 3 can be read: save it again with numpy.save.");

        var size = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(Bytes(content, 2, file))
            : BinaryPrimitives.ReadUInt32LittleEndian(Bytes(content, 4, file));
        if (size > MaxHeaderBytes) throw Damaged(file);

        var text = Encoding.UTF8.GetString(Bytes(content, (int)size, file));
        return new(ElementOf(text, file), IsFortranOrder(text, file), Sizes(text, file), (version == 1 ? 10 : 12) + size);
    }

    private static NpyElement ElementOf(string text, string file)
    {
        var descr = DescrPattern().Match(text);
        if (!descr.Success) throw StructuredPattern().IsMatch(text) ? Unsupported(file, "a structured type") : Damaged(file);
        if (NpyElement.TryParse(descr.Groups[1].Value, out var element)) return element;
        throw Unsupported(file, $"type {NameOf(descr.Groups[1].Value)}");
    }

    private static string NameOf(string descr) => descr.TrimStart('<', '>', '|', '=') switch
    {
        ['c', ..] => $"'{descr}' (complex)",
        ['O', ..] => $"'{descr}' (Python objects)",
        ['U' or 'S', ..] => $"'{descr}' (text)",
        ['M' or 'm', ..] => $"'{descr}' (dates)",
        ['V', ..] => $"'{descr}' (structured or raw bytes)",
        _ => $"'{descr}'",
    };

    private static bool IsFortranOrder(string text, string file)
    {
        var order = OrderPattern().Match(text);
        return order.Success ? order.Groups[1].Value == "True" : throw Damaged(file);
    }

    private static ImmutableArray<long> Sizes(string text, string file)
    {
        var shape = ShapePattern().Match(text);
        if (!shape.Success) throw Damaged(file);
        return [.. shape.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(size => Size(size, file))];
    }

    private static (long Rows, int Width) Table(ImmutableArray<long> sizes, string file)
    {
        if (sizes.Length is 0 or > 2) throw WrongAxes(file, sizes.Length);
        return (sizes[0], sizes.Length == 1 ? 1 : WidthOf(sizes[1], file));
    }

    private static long Size(string text, string file) =>
        long.TryParse(text.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : throw Damaged(file);

    private static int WidthOf(long width, string file) => width is > 0 and <= TableReader.MaxColumns
        ? (int)width
        : throw new BadInputException($"'{file}' has {width} columns; 1 to {TableReader.MaxColumns} can be read: save so many of them.");

    private static byte[] Bytes(Stream content, int count, string file)
    {
        var bytes = new byte[count];
        var read = content.ReadAtLeast(bytes, count, throwOnEndOfStream: false);
        return read == count ? bytes : throw new BadInputException(
            $"'{file}' is not a whole npy array: it ends inside its header (incomplete or not an npy); save it with numpy.save.");
    }

    private static BadInputException Damaged(string file) =>
        new($"'{file}' has a damaged npy header: its descr, fortran_order and shape cannot be read; save it again with numpy.save.");

    private static BadInputException Unsupported(string file, string what) =>
        new($"'{file}' holds {what}, which is no table of numbers; save it as one of {NpyElement.Supported}.");

    private static BadInputException WrongAxes(string file, int axes) =>
        new($"'{file}' has {axes} axes; a table has 2 (rows, columns), or 1 for a single column: reshape it.");

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""")]
    private static partial Regex DescrPattern();

    [GeneratedRegex("""['"]descr['"]\s*:\s*\[""")]
    private static partial Regex StructuredPattern();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""")]
    private static partial Regex OrderPattern();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([^)]*)\)""")]
    private static partial Regex ShapePattern();
}

/// <summary>The head of an npy array of any shape.</summary>
/// <param name="Element">The type of a number.</param>
/// <param name="IsFortran">Whether the array is stored with its first axis fastest.</param>
/// <param name="Sizes">The size of each axis.</param>
/// <param name="Length">Bytes of the head itself.</param>
internal readonly record struct NpyArray(NpyElement Element, bool IsFortran, ImmutableArray<long> Sizes, long Length);
