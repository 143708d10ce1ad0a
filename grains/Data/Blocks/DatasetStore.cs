using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>The folder in which imported tables lie, one folder a data set, named by what it is made of.</summary>
/// <remarks>Safe to use from several threads and processes: a data set appears whole or not at all.</remarks>
internal sealed class DatasetStore(string root, TimeProvider clock)
{
    private readonly SourceHashes _hashes = new(Path.Combine(root, "sources"), clock);

    /// <summary>Imports a table, or opens the data set that an earlier import of the same content and columns left.</summary>
    /// <exception cref="BadInputException">The file, or the folder of the data sets, cannot be used; nothing was left behind.</exception>
    /// <exception cref="DiskFullException">There is no room for it; nothing was left behind.</exception>
    /// <exception cref="OperationCanceledException">The import was cancelled; nothing was left behind.</exception>
    public Dataset Import(DataSelection selection, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        using var reader = TableReader.Open(selection.Path, selection.Where);
        var choice = ColumnChoice.Of(reader, selection);
        try
        {
            return DiskSpace.Use(root, () => OpenOrImport(selection, reader, choice, progress, cancellation));
        }
        catch (Exception error) when (error is (IOException or UnauthorizedAccessException) and not DiskFullException)
        {
            throw StorageFault.Sentence(root, reader.FileName, error);
        }
    }

    /// <summary>Opens a data set by its id.</summary>
    /// <exception cref="BadInputException">It is not there, or damaged.</exception>
    public Dataset Open(string id)
    {
        var folder = Path.Combine(root, id);
        return Directory.Exists(folder)
            ? Dataset.Open(folder)
            : throw new BadInputException($"There is no data set '{id}' in '{root}'; import its source file first.");
    }

    /// <summary>The id of a data set that is there, by the root of its manifest; null when there is none.</summary>
    public string? Find(string manifestRoot) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root).Where(folder => DatasetFolder.IsOf(folder, manifestRoot)).Select(folder => Path.GetFileName(folder)).FirstOrDefault()
        : null;

    private Dataset OpenOrImport(
        DataSelection selection, TableReader reader, ColumnChoice choice, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        var source = _hashes.Of(selection.Path, cancellation);
        var target = Path.Combine(root, DatasetKey.Of(source, reader, choice, selection));
        if (TryOpen(target) is { } known) return known;

        using var folder = StagingFolder.Create(root, clock);
        new DatasetImport(reader, choice, source, selection.Missing, progress).Fill(folder, cancellation);
        folder.Commit(target);
        return Dataset.Open(target);
    }

    private static Dataset? TryOpen(string folder)
    {
        if (!Directory.Exists(folder)) return null;
        Dataset? known = null;
        try
        {
            known = Dataset.Open(folder);
            known.Verify();
            return known;
        }
        catch (BadInputException)
        {
            known?.Dispose();
            StagingFolder.Remove(folder); // damaged, and its source is at hand: import again
            return null;
        }
    }
}
