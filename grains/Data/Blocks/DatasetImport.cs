using System.Collections.Immutable;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>One import: the first pass reads, screens and measures the rows, the second writes them as blocks.</summary>
internal sealed class DatasetImport(TableReader reader, ColumnChoice choice, SourceFiles source, MissingRows missing, IProgress<ReadingProgress>? progress)
{
    private const double FirstPassShare = 0.85; // of the time, for a csv

    /// <summary>Fills the folder with blocks and a manifest.</summary>
    internal void Fill(StagingFolder folder, CancellationToken cancellation)
    {
        reader.Select(choice.Indexes, choice.ByName);
        using var spill = new RowSpill(folder);
        var complete = Read(spill, cancellation);
        Screening.Require(complete, choice.Dimension);
        RequireUnchanged();

        var columns = Describe(complete.Moments);
        var blocks = Write(folder, spill, columns, complete.Moments.Count, cancellation);
        WriteManifest(folder, Compose(columns, blocks, complete.Moments.Count, complete.Dropped));
    }

    private CompleteRows Read(RowSpill spill, CancellationToken cancellation)
    {
        var complete = new CompleteRows(reader, missing);
        var batch = CompleteRows.Batch(reader);
        while (reader.Read(batch, cancellation) is > 0 and var count)
        {
            spill.Write(complete.Add(batch.AsSpan(0, count * reader.Width)));
            progress?.Report(new(reader.RowsRead, reader.BytesRead, reader.Fraction * FirstPassShare));
        }

        return complete;
    }

    private void RequireUnchanged()
    {
        if (source.Changed() is { } changed)
            throw new BadInputException($"'{Path.GetFileName(changed.Path)}' was changed while it was being read; try again when its writer is done.");
    }

    private ImmutableArray<ManifestColumn> Describe(Moments moments) =>
        [.. choice.Indexes.Select((index, column) => Describe(reader.Columns[index], moments, column))];

    private static ManifestColumn Describe(string name, Moments moments, int column) =>
        new(name, moments.Mean[column], moments.Deviation(column), moments.Min[column], moments.Max[column]);

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
            progress?.Report(new(reader.RowsRead, reader.BytesRead, FirstPassShare + ((1 - FirstPassShare) * Math.Min(1, (double)(done + BlockWriter.RowsPerBlock) / rows))));
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
