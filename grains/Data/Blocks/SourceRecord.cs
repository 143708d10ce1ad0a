namespace FlowGrain.Data;

/// <summary>What a source file looked like when it was hashed.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="ModifiedTicks">Its time of modification, UTC.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
internal sealed record SourceRecord(string Path, long Bytes, long ModifiedTicks, string Sha256)
{
    /// <summary>Whether the file still looks the same.</summary>
    internal bool Describes(FileInfo file) => file.Length == Bytes && file.LastWriteTimeUtc.Ticks == ModifiedTicks;
}
