using System.IO.Compression;

namespace FlowGrain.Data;

/// <summary>Opens the one table inside an npz archive.</summary>
internal static class NpzReader
{
    /// <summary>Opens the array X; without one, the only array that there is.</summary>
    internal static TableReader Open(string path, SourceFile source)
    {
        var file = Path.GetFileName(path);
        try
        {
            var archive = new ZipArchive(source.Content, ZipArchiveMode.Read);
            var entry = Choose(archive, file);
            return NpyReader.Open(path, source, new CheckedEntry(entry, file), entry.Length);
        }
        catch (Exception error) when (error is InvalidDataException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw new BadInputException($"'{file}' is not a whole npz file: its zip archive is damaged or truncated; save it again with numpy.savez.");
        }
    }

    private static ZipArchiveEntry Choose(ZipArchive archive, string file)
    {
        var arrays = archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)).ToList();
        if (arrays.Find(entry => NameOf(entry) == "X") is { } table) return table;

        return arrays is [var only] && NameOf(only) != "y" ? only : throw Ambiguous(file, [.. arrays.Select(NameOf)]);
    }

    private static string NameOf(ZipArchiveEntry entry) => entry.FullName[..^".npy".Length];

    private static BadInputException Ambiguous(string file, string[] names) => new(names is [] or ["y"]
        ? $"'{file}' is an npz without a table: save it with numpy.savez(file, X=table)."
        : $"'{file}' is an npz with {names.Length} arrays ({NameList.Of(names)}) and none is called X; save it with numpy.savez(file, X=table).");
}
