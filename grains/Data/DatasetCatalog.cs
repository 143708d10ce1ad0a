using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>The imported data sets of a storage root: what there is, who needs it, and its end.</summary>
internal sealed class DatasetCatalog(IOptions<StorageOptions> storage, NeededData needed)
{
    private const int IdLetters = 32; // other folders there are not data sets

    /// <summary>All of them, the newest first.</summary>
    internal ImmutableArray<DatasetListing> All() => Directory.Exists(storage.Value.Data)
        ? [.. Directory.EnumerateDirectories(storage.Value.Data).Where(folder => IsId(Path.GetFileName(folder))).Select(Describe).OrderByDescending(dataset => dataset.Imported)]
        : [];

    /// <summary>One of them.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    internal DatasetListing Of(string id) => Describe(Folder(id));

    /// <summary>Removes one.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    /// <exception cref="BadInputException">A run that has not finished needs it.</exception>
    internal void Delete(string id)
    {
        var folder = Folder(id);
        if (needed.Of(Path.GetFileName(folder)) is [var run, ..])
            throw new BadInputException($"Run '{run}' has not finished and needs data set '{id}'; let it finish, or delete it with 'flowgrain runs delete {run}'.");
        StagingFolder.Remove(folder);
    }

    private static bool IsId(string name) => name.Length == IdLetters && name.All(char.IsAsciiHexDigitLower);

    private string Folder(string id)
    {
        var found = All().Where(dataset => dataset.Id.StartsWith(id, StringComparison.Ordinal)).ToList();
        return found switch
        {
            [var one] => Path.Combine(storage.Value.Data, one.Id),
            [] => throw new NotFoundException($"There is no data set '{id}'; 'flowgrain data list' shows those there are."),
            _ => throw new BadInputException($"'{id}' begins the names of {found.Count} data sets; give more of it."),
        };
    }

    private DatasetListing Describe(string folder)
    {
        var (id, bytes, imported) = (Path.GetFileName(folder), Bytes(folder), new DateTimeOffset(Directory.GetLastWriteTimeUtc(folder), TimeSpan.Zero));
        try
        {
            var manifest = DatasetFolder.ReadManifest(folder);
            ImmutableArray<ColumnStatistics> columns = [.. manifest.Columns.Select(column => new ColumnStatistics(column.Name, column.Offset, column.Scale, column.Min, column.Max))];
            return new(id, manifest.Source, manifest.Rows, manifest.DroppedRows, columns[..manifest.Dimension], columns[manifest.Dimension..], bytes, imported, needed.Of(id), manifest.Root);
        }
        catch (BadInputException damaged)
        {
            return new(id, "", 0, 0, [], [], bytes, imported, needed.Of(id), Root: null, damaged.Message);
        }
    }

    private static long Bytes(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
}
