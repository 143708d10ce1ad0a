using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.GZip;

namespace FlowGrain.Data;

/// <summary>What a gzip file holds. Whatever is wrong with the file is a <see cref="SharpZipBaseException"/>, also where the library stumbles.</summary>
/// <remarks>Not <see cref="System.IO.Compression.GZipStream"/>: it takes a truncated file for a short one, without a word.</remarks>
internal sealed class GzipStream(Stream packed) : ReadOnlyStream(new GZipInputStream(packed, 1 << 16))
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return Content.Read(buffer);
        }
        catch (Exception error) when (error is IndexOutOfRangeException or ArgumentException)
        {
            throw new SharpZipBaseException("it is not well-formed", error); // its tables of codes lead nowhere
        }
    }
}
