using System.Collections.Immutable;
using FlowGrain.Flows.Numerics;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>One import: the first pass reads, screens and measures the rows, the second writes them as blocks.</summary>
internal sealed class DatasetImport(StagingFolder folder, TableReader reader, ColumnChoice choice, DataSelection selection, IProgress<ReadingProgress>? progress) : IDisposable
{
    private const double FirstPassShare = 0.85; // of the time, for a csv

    private readonly CompleteRows _rows = CompleteRows.Of(reader, choice, selection.Missing);
    private readonly RowSpill _spill = new(folder);
    private long _trainingRows; // of those kept

    /// <summary>Told what the blocks will take, once it is known and before one is written.</summary>
    internal Action<long> Sized { get; init; } = _ => { };

    /// <summary>The first pass.</summary>
    internal void Read(CancellationToken cancellation)
    {
        using var ahead = new ReadAhead(reader, cancellation);
        foreach (var batch in ahead.Batches())
        {
            var kept = _rows.Add(batch.Rows, batch.First);
            _spill.Write(kept);
            if (batch.First < reader.ValidationFrom) _trainingRows += kept.Length / reader.Width;
            progress?.Report(batch.At with { Fraction = batch.At.Fraction * FirstPassShare });
        }

        _spill.Complete();
    }

    /// <summary>The second: fills the folder with blocks and a manifest.</summary>
    /// <param name="source">The files as they looked before the first pass.</param>
    /// <param name="cancellation">Ends it.</param>
    internal void Write(SourceFiles source, CancellationToken cancellation)
    {
        RequireUnchanged(source);
        choice.RequireLevels(reader);
        if (Screening.Of(_rows, choice).Faults().FirstOrDefault() is { } fault) throw new BadInputException(fault);
        Sized(_rows.Count * MappedBlock.SizeOf(1, choice.Indexes.Length, choice.Weight is not null));

        var columns = Describe(_rows);
        var blocks = WriteBlocks(columns, _rows.Count, cancellation);
        _spill.Dispose(); // which removes it: the folder is the data set's
        WriteFile(DatasetFolder.SourcesName, DatasetFolder.Json(source));
        WriteFile(DatasetFolder.SelectionName, DatasetFolder.Json(selection));
        WriteFile(DatasetUse.FileName, []);
        WriteFile(Manifest.FileName, Compose(source, columns, blocks, _rows.Count, _rows.Dropped).ToJson());
    }

    /// <inheritdoc/>
    public void Dispose() => _spill.Dispose();

    private static void RequireUnchanged(SourceFiles source)
    {
        if (source.Changed() is { } changed)
            throw new BadInputException($"'{Path.GetFileName(changed.Path)}' was changed while it was being read; try again when its writer is done.");
    }

    private ImmutableArray<ManifestColumn> Describe(CompleteRows rows)
    {
        var (quantiles, moments) = (rows.Statistics.Quantiles(), rows.OfColumns);
        return [.. choice.Indexes.Select((index, column) => Describe(reader.Columns[index], choice.Levels[index], rows, moments, column, quantiles[column]) with { IsDate = choice.Levels[index] is null && reader.IsDate(index) == true })];
    }

    private ManifestColumn Describe(string name, LevelCodes? levels, CompleteRows rows, Moments moments, int column, ImmutableArray<double> quantiles)
    {
        var (missingRows, distinct) = (rows.Missing(column), rows.Statistics.Distinct(column));
        if (levels is not null)
            return new(name, Offset: 0, Scale: 1, Min: 0, Max: levels.Names.Length - 1, Mean: 0, Deviation: 0, Quantiles: [], distinct, missingRows, IsWhole: true, [.. levels.Names.Order(StringComparer.Ordinal)]);

        var isWhole = rows.Statistics.IsWhole(column);
        var (offset, scale) = Stored(moments, column, choice.Step(name) ?? (isWhole ? 1 : null));
        return new(name, offset, scale, moments.Min[column], moments.Max[column], moments.Mean[column], moments.Deviation(column), quantiles, distinct, missingRows, isWhole);
    }

    /// <summary>How numbers are stored: as steps from the middle where they are multiples of one, which float32 then holds exactly; else standardised.</summary>
    private static (double Offset, double Scale) Stored(Moments moments, int column, double? step)
    {
        const double Exact = 1 << 24, ExactWhole = 1L << 52; // whole numbers up to here are their own float32, and float64

        var (min, max) = (moments.Min[column], moments.Max[column]);
        var middle = min + (max - min) / 2;
        return step is { } lattice && (max - min) / lattice < Exact && Math.Abs(middle / lattice) < ExactWhole
            ? (Math.Floor(middle / lattice) * lattice, lattice)
            : (moments.Mean[column], moments.Deviation(column));
    }

    private StoredLevels?[] Levels(ImmutableArray<ManifestColumn> columns) =>
        [.. choice.Indexes.Select((index, column) => columns[column].Levels is { } sorted ? StoredLevels.Of(choice.Levels[index]!.Names, sorted) : null)];

    private ImmutableArray<ManifestBlock> WriteBlocks(ImmutableArray<ManifestColumn> columns, long rows, CancellationToken cancellation)
    {
        var blocks = new ManifestBlock[(rows + BlockWriter.RowsPerBlock - 1) / BlockWriter.RowsPerBlock];
        var (done, levels) = (0, Levels(columns));
        var keys = new RowKeys(reader.Width, reader.Width - (choice.Weight is null ? 0 : 1), choice.Group is { } group ? reader.Selected.IndexOf(group) : null, _trainingRows, EachByItself: columns.All(IsDiscrete));
        using var writers = new ThreadLocal<BlockWriter>(() => new BlockWriter(folder, columns, levels, keys, _rows.MeanWeight));
        OwnThreads.For(
            blocks.Length,
            index =>
            {
                blocks[index] = writers.Value!.Write(_spill, index, (int)Math.Min(BlockWriter.RowsPerBlock, rows - ((long)index * BlockWriter.RowsPerBlock)));
                progress?.Report(new(reader.RowsRead, reader.BytesRead, FirstPassShare + (1 - FirstPassShare) * Interlocked.Increment(ref done) / blocks.Length));
            },
            cancellation);
        cancellation.ThrowIfCancellationRequested(); // also in the last block
        return [.. blocks];
    }

    /// <summary>Whether equal values are expected, and have a probability instead of a density.</summary>
    private bool IsDiscrete(ManifestColumn column) =>
        column.Levels is not null || choice.Step(column.Name) is not null || (column.IsWhole && !choice.IsDense(column.Name));

    private Manifest Compose(SourceFiles source, ImmutableArray<ManifestColumn> columns, ImmutableArray<ManifestBlock> blocks, long rows, long dropped) =>
        new Manifest(Manifest.CurrentFormat, "", reader.FileName, source.Bytes, source.Sha256, selection.Missing, rows, dropped,
            choice.Dimension, columns.Length - choice.Dimension, columns, BlockWriter.RowsPerBlock, blocks) { LeftOut = dropped == 0 ? null : _rows.LeftOut, Weights = choice.Weight is { } weight ? reader.Columns[weight] : null }.Sealed();

    private void WriteFile(string name, ReadOnlySpan<byte> bytes)
    {
        using var file = folder.CreateFile(name);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }
}
