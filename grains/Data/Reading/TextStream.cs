using System.Text;

namespace FlowGrain.Data;

/// <summary>A stream that must be text: a NUL byte in it is refused, for a csv has none.</summary>
internal sealed class TextStream(Stream content, string file) : ReadOnlyStream(content)
{
    /// <summary>Decodes the content as UTF-8, with or without a byte order mark; other bytes are refused.</summary>
    internal static StreamReader Reader(Stream content, string file) =>
        new(new TextStream(content, file), new UTF8Encoding(true, throwOnInvalidBytes: true), false, 1 << 16);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = Content.Read(buffer);
        if (buffer[..read].Contains((byte)0))
            throw new BadInputException($"'{file}' is not a csv: it holds binary data or UTF-16 text (NUL bytes); save it as UTF-8 text.");
        return read;
    }
}
