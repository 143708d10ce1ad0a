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
        choice.Select(reader);
        using var spill = new RowSpill(folder);
        var complete = Read(spill, cancellation);
        spill.Complete();
        RequireUnchanged();
        RequireLevels();
        Screening.Require(complete, choice);
        Sized(complete.Moments.Count * MappedBlock.SizeOf(1, choice.Indexes.Length));

        var columns = Describe(complete);
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

    private void RequireLevels()
    {
        foreach (var index in choice.Indexes.Where(index => choice.Levels[index] is not null))
        {
            if (choice.Levels[index]!.Names is [var only])
                throw new BadInputException($"'{reader.FileName}': column '{reader.Columns[index]}' is always {NameList.Quoted(only)}; leave it out of --columns and --context.");
        }
    }

    private ImmutableArray<ManifestColumn> Describe(CompleteRows rows)
    {
        var quantiles = rows.Statistics.Quantiles();
        return [.. choice.Indexes.Select((index, column) => Describe(reader.Columns[index], choice.Levels[index], rows, column, quantiles[column]))];
    }

    private ManifestColumn Describe(string name, LevelCodes? levels, CompleteRows rows, int column, ImmutableArray<double> quantiles)
    {
        const double Exact = 1 << 24; // steps up to here are their own float32

        var (moments, isWhole) = (rows.Moments, rows.Statistics.IsWhole(column));
        var (mean, deviation, min, max) = (moments.Mean[column], moments.Deviation(column), moments.Min[column], moments.Max[column]);
        var middle = min + (max - min) / 2;
        var step = choice.Step(name) ?? (isWhole ? 1 : null);
        var (offset, scale) = levels is not null ? (0, 1) : step is { } lattice && (max - min) / lattice < Exact && Math.Abs(middle / lattice) < 1L << 52 ? (Math.Floor(middle / lattice) * lattice, lattice) : (mean, deviation);
        return new(
            name, offset, scale, min, max, mean, deviation, levels is null ? quantiles : [], rows.Statistics.Distinct(column), rows.Missing(column), isWhole,
            levels is null ? null : [.. levels.Names.Order(StringComparer.Ordinal)]);
    }

    /// <summary>Where the levels of each category stand once they are sorted.</summary>
    private double[]?[] Ranks(ImmutableArray<ManifestColumn> columns) =>
        [.. choice.Indexes.Select((index, column) => columns[column].Levels is { } sorted ? choice.Levels[index]!.Names.Select(level => (double)sorted.IndexOf(level)).ToArray() : null)];

    private ImmutableArray<ManifestBlock> Write(
        StagingFolder folder, RowSpill spill, ImmutableArray<ManifestColumn> columns, long rows, CancellationToken cancellation)
    {
        var blocks = new ManifestBlock[(rows + BlockWriter.RowsPerBlock - 1) / BlockWriter.RowsPerBlock];
        var (next, done, ranks) = (-1, 0, Ranks(columns));
        bool WriteSome()
        {
            var writer = new BlockWriter(folder, columns, ranks);
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
