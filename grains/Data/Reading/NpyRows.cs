using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Rows of an array that is stored row by row.</summary>
internal sealed class NpyRows(Stream content, NpyHeader header, string file) : INpyRows
{
    private byte[] _bytes = [];
    private double[] _numbers = [];

    /// <inheritdoc/>
    public int Read(Span<double> rows, ImmutableArray<int> columns, long first, int count)
    {
        var fit = (int)Math.Min(count, Math.Max(1, (1 << 24) / header.RowBytes)); // a selection may be narrow and the file wide
        Grow(fit);
        var bytes = _bytes.AsSpan(0, (int)(fit * header.RowBytes));
        var read = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length) throw Truncated(file, header, header.Length + (first * header.RowBytes) + read);

        header.Element.Decode(bytes, _numbers);
        Pick(rows, columns, fit);
        return fit;
    }

    /// <inheritdoc/>
    public void RequireEnd()
    {
        if (content.ReadByte() >= 0) throw TooLong(file);
    }

    /// <inheritdoc/>
    public void Dispose() => content.Dispose();

    /// <summary>The content ends before the shape is filled.</summary>
    internal static BadInputException Truncated(string file, NpyHeader header, Int128 present) => new(
        $"'{file}' is truncated: its shape ({header.Rows}, {header.Width}) needs {header.ExpectedBytes} bytes and {present} are present; copy it again.");

    /// <summary>The content goes on after the shape is filled.</summary>
    internal static BadInputException TooLong(string file) =>
        new($"'{file}' has more bytes than its shape needs: it is damaged or holds several arrays; save one array with numpy.save.");

    private void Grow(int rows)
    {
        if (_numbers.Length >= rows * header.Width) return;
        _bytes = new byte[rows * header.RowBytes];
        _numbers = new double[rows * header.Width];
    }

    private void Pick(Span<double> rows, ImmutableArray<int> columns, int count)
    {
        var target = 0;
        for (var row = 0; row < count; row++)
            foreach (var column in columns)
                rows[target++] = _numbers[(row * header.Width) + column];
    }
}
