using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Flows.Numerics;
using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>The imported data sets of a storage root: what there is, who needs it, and its end.</summary>
internal sealed class DatasetCatalog(IOptions<StorageOptions> storage, NeededData needed)
{
    /// <summary>All of them, the newest first.</summary>
    internal ImmutableArray<DatasetListing> All()
    {
        var needs = needed.All();
        return [.. Ids().Select(id => Describe(id, needs)).OrderByDescending(dataset => dataset.Imported)];
    }

    /// <summary>One of them, by its id or what that begins with.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    /// <exception cref="BadInputException">Several begin so.</exception>
    internal DatasetListing Of(string id) => Describe(Whole(id), needed.All());

    /// <summary>Some rows of one of them, one at random from each of as many equal stretches.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    /// <exception cref="BadInputException">It is damaged, or so many rows are not given at once.</exception>
    internal TableRows Rows(string id, int count, long seed)
    {
        if (count is < 1 or > TableRows.MostRows) throw new BadInputException($"{count} rows were asked for; a call gives 1 to {TableRows.MostRows}.");
        using var dataset = Dataset.Open(FolderOf(Whole(id)));
        var (random, stretch) = (new CounterRandom(seed, "rows of a data set"), Math.Max(1, dataset.Rows / (double)count));
        var rows = new double[(int)Math.Min(count, dataset.Rows) * dataset.Width];
        for (var i = 0; i < rows.Length / dataset.Width; i++)
            dataset.ReadRows((long)((i + random.Uniform(i)) * stretch), 1, rows.AsSpan(i * dataset.Width));
        return new TableRows([.. dataset.Manifest.Columns.Select(column => column.Name)], new Block<double>(rows));
    }

    /// <summary>What they take together.</summary>
    internal long Bytes() => DatasetFolder.All(storage.Value.Data).Sum(DatasetFolder.Bytes);

    /// <summary>Removes one.</summary>
    /// <exception cref="NotFoundException">There is no such data set.</exception>
    /// <exception cref="BadInputException">A run that has not finished needs it, or a job reads it.</exception>
    internal void Delete(string id)
    {
        var whole = Whole(id);
        using var use = DatasetUse.ToRemove(FolderOf(whole)) ?? throw new BadInputException($"A job reads data set '{whole}' right now; delete it when that is done.");
        if (needed.All()[whole].FirstOrDefault() is { } run)
            throw new BadInputException($"Run '{run}' has not finished and needs data set '{whole}'; let it finish, or delete it with 'flowgrain runs delete {run}'.");
        use.Remove(FolderOf(whole));
    }

    private IEnumerable<string> Ids() => DatasetFolder.All(storage.Value.Data).Select(folder => Path.GetFileName(folder));

    private string FolderOf(string id) => Path.Combine(storage.Value.Data, id);

    private string Whole(string id) => Ids().Where(whole => whole.StartsWith(id, StringComparison.Ordinal)).ToList() switch
    {
        [var one] => one,
        [] => throw new NotFoundException($"There is no data set '{id}'; 'flowgrain data list' shows those there are."),
        var several => throw new BadInputException($"'{id}' begins the names of {several.Count} data sets; give more of it."),
    };

    private DatasetListing Describe(string id, ILookup<string, string> needs)
    {
        var folder = FolderOf(id);
        var (bytes, imported) = (DatasetFolder.Bytes(folder), new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(folder, Manifest.FileName)), TimeSpan.Zero));
        ImmutableArray<string> neededBy = [.. needs[id].Distinct()];
        try
        {
            var manifest = DatasetFolder.ReadManifest(folder);
            ImmutableArray<ColumnStatistics> columns = [.. manifest.Columns.Select(Describe)];
            return new(id, manifest.Source, manifest.Rows, manifest.DroppedRows, columns[..manifest.Dimension], columns[manifest.Dimension..], bytes, imported, neededBy, manifest.Root) { Used = new(DatasetUse.Last(folder), TimeSpan.Zero), LeftOut = manifest.LeftOut ?? [], Selection = DatasetFolder.Selection(folder) };
        }
        catch (BadInputException damaged)
        {
            return new(id, "", 0, 0, [], [], bytes, imported, neededBy, Root: null, damaged.Message);
        }
    }

    private static ColumnStatistics Describe(ManifestColumn column) => new(
        column.Name, column.Mean, column.Deviation, column.Min, column.Max,
        column.Quantiles is [_, ..] quantiles ? quantiles[TableStatistics.Shares.IndexOf(0.5)] : null, column.Distinct, column.Missing, column.Levels ?? []) { IsDate = column.IsDate };
}
