using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>One import: the first pass reads, screens and measures the rows, the second writes them as blocks.</summary>
internal sealed class DatasetImport(TableReader reader, ColumnChoice choice, SourceFiles source, MissingRows missing, IProgress<ReadingProgress>? progress)
{
    private const double FirstPassShare = 0.85; // of the time, for a csv

    /// <summary>Told what the blocks will take, once it is known and before one is written.</summary>
    internal Action<long> Sized { get; init; } = _ => { };

    /// <summary>Fills the folder with blocks and a manifest.</summary>
    internal void Fill(StagingFolder folder, CancellationToken cancellation)
    {
        reader.Select(choice.Indexes, choice.ByName);
        using var spill = new RowSpill(folder);
        var complete = Read(spill, cancellation);
        spill.Complete();
        Screening.Require(complete, choice.Dimension);
        RequireUnchanged();
        Sized(complete.Moments.Count * MappedBlock.SizeOf(1, choice.Indexes.Length));

        var columns = Describe(complete.Moments);
        var blocks = Write(folder, spill, columns, complete.Moments.Count, cancellation);
        Write(folder, DatasetFolder.SourcesName, DatasetFolder.Json(source));
        Write(folder, DatasetUse.FileName, []);
        Write(folder, Manifest.FileName, Compose(columns, blocks, complete.Moments.Count, complete.Dropped).ToJson());
    }

    private CompleteRows Read(RowSpill spill, CancellationToken cancellation)
    {
        var complete = new CompleteRows(reader, missing);
        using var ahead = new ReadAhead(reader, cancellation);
        foreach (var batch in ahead.Batches())
        {
            spill.Write(complete.Add(batch.Rows, batch.First));
            progress?.Report(batch.At with { Fraction = batch.At.Fraction * FirstPassShare });
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
        var blocks = new ManifestBlock[(rows + BlockWriter.RowsPerBlock - 1) / BlockWriter.RowsPerBlock];
        var (next, done) = (-1, 0);
        bool WriteSome()
        {
            var writer = new BlockWriter(folder, columns);
            for (var index = Interlocked.Increment(ref next); index < blocks.Length; index = Interlocked.Increment(ref next))
            {
                cancellation.ThrowIfCancellationRequested();
                var first = (long)index * BlockWriter.RowsPerBlock;
                blocks[index] = writer.Write(spill, index, (int)Math.Min(BlockWriter.RowsPerBlock, rows - first));
                progress?.Report(new(reader.RowsRead, reader.BytesRead, FirstPassShare + (1 - FirstPassShare) * Interlocked.Increment(ref done) / blocks.Length));
            }

            return true;
        }

        Task.WhenAll(Enumerable.Range(0, Math.Min(Environment.ProcessorCount, blocks.Length)).Select(_ => DedicatedThread.Once("flowgrain-blocks", WriteSome))).GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        return [.. blocks];
    }

    private Manifest Compose(ImmutableArray<ManifestColumn> columns, ImmutableArray<ManifestBlock> blocks, long rows, long dropped) =>
        new Manifest(Manifest.CurrentFormat, "", reader.FileName, source.Bytes, source.Sha256, missing, rows, dropped,
            choice.Dimension, columns.Length - choice.Dimension, columns, BlockWriter.RowsPerBlock, blocks).Sealed();

    private static void Write(StagingFolder folder, string name, ReadOnlySpan<byte> bytes)
    {
        using var file = folder.CreateFile(name);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
