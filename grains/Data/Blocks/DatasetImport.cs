using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>One import: the first pass reads, screens and measures the rows, the second writes them as blocks.</summary>
internal sealed class DatasetImport(TableReader reader, ColumnChoice choice, SourceRecord source, MissingRows missing, IProgress<ImportProgress>? progress)
{
    private const int BatchNumbers = 1 << 15;   // 256 KiB: a batch and its transpose stay in the second-level cache
    private const double FirstPassShare = 0.85; // of the time, for a csv

    /// <summary>Fills the folder with blocks and a manifest.</summary>
    internal void Fill(StagingFolder folder, CancellationToken cancellation)
    {
        reader.Select(choice.Indexes, choice.ByName);
        using var spill = new RowSpill(folder);
        var (moments, dropped) = Read(spill, cancellation);
        Screening.Require(reader, moments, choice.Dimension, dropped);
        RequireUnchanged();

        var columns = Describe(moments);
        var blocks = Write(folder, spill, columns, moments.Count, cancellation);
        WriteManifest(folder, Compose(columns, blocks, moments.Count, dropped));
    }

    private (Moments Moments, long Dropped) Read(RowSpill spill, CancellationToken cancellation)
    {
        var moments = new Moments(reader.Width);
        var filter = new RowFilter(reader, missing);
        var batch = new double[Math.Max(1, BatchNumbers / reader.Width) * reader.Width];
        while (reader.Read(batch, cancellation) is > 0 and var count)
        {
            var kept = batch.AsSpan(0, filter.Keep(batch.AsSpan(0, count * reader.Width)) * reader.Width);
            moments.Add(kept);
            spill.Write(kept);
            progress?.Report(new(reader.RowsRead, reader.Fraction * FirstPassShare));
        }

        return (moments, filter.Dropped);
    }

    private void RequireUnchanged()
    {
        if (!source.Describes(new FileInfo(source.Path)))
            throw new BadInputException($"'{reader.FileName}' was changed while it was being read; try again when its writer is done.");
    }

    private ImmutableArray<ManifestColumn> Describe(Moments moments) =>
        [.. choice.Indexes.Select((index, column) => Describe(reader.Columns[index], moments, column))];

    private static ManifestColumn Describe(string name, Moments moments, int column)
    {
        var (mean, deviation) = (moments.Mean[column], moments.Deviation(column));
        return new(name, mean, deviation, mean, deviation, moments.Min[column], moments.Max[column]);
    }

    private ImmutableArray<ManifestBlock> Write(
        StagingFolder folder, RowSpill spill, ImmutableArray<ManifestColumn> columns, long rows, CancellationToken cancellation)
    {
        var writer = new BlockWriter(folder, columns);
        var blocks = ImmutableArray.CreateBuilder<ManifestBlock>();
        spill.Rewind();
        for (var done = 0L; done < rows; done += BlockWriter.RowsPerBlock)
        {
            cancellation.ThrowIfCancellationRequested();
            blocks.Add(writer.Write(spill, blocks.Count, (int)Math.Min(BlockWriter.RowsPerBlock, rows - done)));
            progress?.Report(new(reader.RowsRead, FirstPassShare + ((1 - FirstPassShare) * Math.Min(1, (double)(done + BlockWriter.RowsPerBlock) / rows))));
        }

        return blocks.ToImmutable();
    }

    private Manifest Compose(ImmutableArray<ManifestColumn> columns, ImmutableArray<ManifestBlock> blocks, long rows, long dropped) =>
        new Manifest(Manifest.CurrentFormat, "", reader.FileName, source.Bytes, source.Sha256, missing, rows, dropped,
            choice.Dimension, columns.Length - choice.Dimension, columns, BlockWriter.RowsPerBlock, blocks).Sealed();

    private static void WriteManifest(StagingFolder folder, Manifest manifest)
    {
        using var file = folder.CreateFile(Manifest.FileName);
        file.Write(manifest.ToJson());
        file.Flush(flushToDisk: true);
    }
}
