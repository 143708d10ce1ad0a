using System.IO.Hashing;

namespace FlowGrain.Training;

/// <summary>The lines that one activation of a run has durably written: the beginning of a file, which it alone appends to.</summary>
/// <param name="File">The file, in the folder of the run's version.</param>
/// <param name="Bytes">How much of it counts; what stands behind is of rounds that were made again.</param>
/// <param name="Hash">XxHash128 of these bytes.</param>
internal sealed record RoundSegment(string File, long Bytes, string Hash)
{
    /// <summary>Whether the bytes are there and undamaged.</summary>
    internal bool IsIntact(string folder)
    {
        try
        {
            using var file = System.IO.File.OpenRead(Path.Combine(folder, File));
            return file.Length >= Bytes && HashOf(file) == Hash;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The lines.</summary>
    internal IEnumerable<RoundLine> Lines(string folder)
    {
        using var reader = new StreamReader(Path.Combine(folder, File));
        for (var left = Bytes; left > 0;)
        {
            var line = reader.ReadLine()!;
            left -= line.Length + 1; // all of it is ASCII, and lines end in \n
            yield return RoundLine.Parse(line);
        }
    }

    private string HashOf(FileStream file)
    {
        var (hash, buffer, left) = (new XxHash128(), new byte[1 << 16], Bytes);
        for (; left > 0; left -= buffer.Length)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.ReadExactly(part);
            hash.Append(part);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
