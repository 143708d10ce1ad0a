using FlowGrain.Data;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>A folder of part files that appears whole or not at all, in the place of earlier ones.</summary>
public sealed class PartsFolder : IDisposable
{
    private readonly string _path;
    private readonly StagingFolder _folder;

    private PartsFolder(string path, StagingFolder folder) => (_path, _folder) = (path, folder);

    /// <summary>Begins one.</summary>
    /// <param name="path">Its path, whose extension is that of its files.</param>
    /// <param name="clock">Tells the age of what others have left.</param>
    /// <exception cref="BadInputException">It cannot be written, or what has its name is something else than earlier parts.</exception>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    public static PartsFolder Begin(string path, TimeProvider clock)
    {
        path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        TableFile.Require(path);
        RequireReplaceable(path);
        return new(path, WholeFile.Writing(path, () => StagingFolder.Create(Path.GetDirectoryName(path)!, clock)));
    }

    /// <summary>Where to write one of its files.</summary>
    public string In(string part) => _folder.In(part);

    /// <summary>All of them are there. Without it nothing stays.</summary>
    public void Complete() => WholeFile.Writing(_path, () =>
    {
        _folder.Replace(_path);
        return true;
    });

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    // An earlier answer may be replaced, and nothing else.
    private static void RequireReplaceable(string path)
    {
        if (File.Exists(path)) throw new BadInputException($"'{path}' is a file; name another folder, or leave the slash out to write one file.");
        if (!Directory.Exists(path)) return;
        if (Directory.EnumerateFileSystemEntries(path).FirstOrDefault(entry => !IsPart(entry)) is { } other)
            throw new BadInputException($"'{path}' holds '{Path.GetFileName(other)}', which is no part of earlier scores, and would be lost; name another folder.");
    }

    private static bool IsPart(string path) => Path.GetFileName(path).StartsWith("part-", StringComparison.Ordinal) && TableFile.IsWritable(path);
}
