using System.IO.Compression;
using System.IO.Hashing;

namespace FlowGrain.Data;

/// <summary>The content of a zip entry; at its end the CRC-32 that the archive keeps is compared.</summary>
internal sealed class CheckedEntry(ZipArchiveEntry entry, string file) : ReadOnlyStream(entry.Open())
{
    private readonly Crc32 _crc = new();

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = Content.Read(buffer);
        _crc.Append(buffer[..read]);
        if (read == 0 && buffer.Length > 0 && _crc.GetCurrentHashAsUInt32() != entry.Crc32)
            throw new BadInputException($"'{file}' is a damaged npz file: the checksum of its zip entry '{entry.FullName}' is wrong; copy it again.");
        return read;
    }
}
