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

    /// <summary>Opens an array beside the table, of one number a row; null where the file is no npz, or has none of that name.</summary>
    /// <exception cref="BadInputException">It has more than a number a row, or the file is damaged.</exception>
    internal static TableReader? OpenBeside(string path, string array)
    {
        if (TableFormat.Extension(path) != ".npz" || SourcePath.Files(path) is not [var file]) return null;
        var source = SourceFile.Open(file);
        try
        {
            var archive = new ZipArchive(source.Content, ZipArchiveMode.Read);
            if (archive.GetEntry($"{array}.npy") is not { } entry)
            {
                source.Dispose();
                return null;
            }

            var reader = NpyReader.Open(path, source, new CheckedEntry(entry, Path.GetFileName(file)), entry.Length);
            if (reader.Columns.Length != 1) throw new BadInputException($"'{reader.FileName}' has {reader.Columns.Length} numbers a row in its array '{array}'; one is wanted.");
            reader.Select([0], byName: true);
            return reader;
        }
        catch
        {
            source.Dispose();
            throw;
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
