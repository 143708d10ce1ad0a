using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>The folder in which imported tables lie, one folder a data set, named by what it is made of.</summary>
/// <remarks>Safe to use from several threads and processes: a data set appears whole or not at all.</remarks>
/// <param name="root">The folder.</param>
/// <param name="clock">Tells the age of files.</param>
/// <param name="quota">Makes room; null where there is no bound.</param>
internal sealed class DatasetStore(string root, TimeProvider clock, DatasetQuota? quota = null)
{
    private readonly SourceHashes _hashes = new(Path.Combine(root, "sources"), clock);

    /// <summary>Imports a table, or opens the data set that an earlier import of the same content and columns left.</summary>
    /// <exception cref="BadInputException">The file, or the folder of the data sets, cannot be used, or the quota leaves no room; nothing was left behind.</exception>
    /// <exception cref="DiskFullException">There is no room for it; nothing was left behind.</exception>
    /// <exception cref="OperationCanceledException">The import was cancelled; nothing was left behind.</exception>
    public Dataset Import(DataSelection selection, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        using var reader = TableReader.Open(selection.Path, selection.Where, selection.Validation);
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
        return Directory.Exists(folder) ? Dataset.Open(folder) : throw Absent(id);
    }

    /// <summary>Keeps a data set from being removed to make room, until it is disposed; null where it is not there.</summary>
    public DatasetUse? TryUse(string id) => DatasetUse.ToRead(Path.Combine(root, id), clock);

    /// <summary>As <see cref="TryUse"/>; null also where it is damaged. Reads all of it.</summary>
    public DatasetUse? TryUseIntact(string id)
    {
        if (TryUse(id) is not { } use) return null;
        try
        {
            using var dataset = Open(id);
            dataset.Verify();
            return use;
        }
        catch (Exception error)
        {
            use.Dispose();
            if (error is BadInputException) return null;
            throw;
        }
    }

    /// <inheritdoc cref="TryUse" />
    /// <exception cref="BadInputException">It is not there.</exception>
    public DatasetUse Use(string id) => TryUse(id) ?? throw Absent(id);

    /// <summary>The id of a data set that is there, by the root of its manifest; null when there is none.</summary>
    public string? Find(string manifestRoot) => Directory.Exists(root)
        ? Directory.EnumerateDirectories(root).Where(folder => DatasetFolder.IsOf(folder, manifestRoot)).Select(folder => Path.GetFileName(folder)).FirstOrDefault()
        : null;

    private Dataset OpenOrImport(
        DataSelection selection, TableReader reader, ColumnChoice choice, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var hashing = _hashes.Of(SourceFiles.Paths(selection), over.Token);
        try
        {
            if (hashing.IsCompletedSuccessfully && TryOpen(Target(), hashing.Result) is { } known) return known;
            using var folder = StagingFolder.Create(root, clock);
            using var import = new DatasetImport(folder, reader, choice, selection, progress) { Sized = bytes => quota?.Require(folder, reader.FileName, bytes) };
            import.Read(cancellation);
            var source = hashing.GetAwaiter().GetResult(); // meanwhile, on another core
            if (TryOpen(Target(), source) is { } same) return same; // its content was there under another name
            import.Write(source, cancellation);
            folder.Commit(Target());
            return Dataset.Open(Target());
        }
        finally
        {
            over.Cancel();
            Task.WaitAny([hashing], CancellationToken.None);
        }

        string Target() => Path.Combine(root, DatasetKey.Of(hashing.Result, reader, choice, selection));
    }

    private Dataset? TryOpen(string folder, SourceFiles source)
    {
        if (!Directory.Exists(folder)) return null;
        using var use = DatasetUse.ToRead(folder, clock);
        if (use is null) return null; // it was just removed
        Dataset? known = null;
        try
        {
            known = Dataset.Open(folder);
            known.Verify();
        }
        catch (BadInputException)
        {
            known?.Dispose();
            StagingFolder.Remove(folder); // damaged, and its source is at hand: import again
            return null;
        }

        DatasetFolder.WriteSources(folder, source);
        return known;
    }

    private BadInputException Absent(string id) => new($"There is no data set '{id}' in '{root}'; import its source file first.");
}
