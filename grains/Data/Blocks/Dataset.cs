namespace FlowGrain.Data;

/// <summary>An imported table: rows of float32 in memory-mapped blocks, read in the units of the source.</summary>
/// <remarks>Safe for concurrent readers. Dispose it after the last of them is done; where nobody knows which is the last, the collector unmaps it.</remarks>
internal sealed class Dataset : IDisposable
{
    private readonly MappedBlock[] _blocks;
    private readonly ColumnScales _scales;

    private Dataset(string folder, Manifest manifest, MappedBlock[] blocks)
    {
        (Folder, Manifest, Width, _blocks) = (folder, manifest, manifest.Columns.Length, blocks);
        _scales = new(manifest.Columns);
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; }

    /// <summary>The name of its folder: 32 hex digits that say what it is made of.</summary>
    public string Id => Path.GetFileName(Folder);

    /// <summary>What it is.</summary>
    public Manifest Manifest { get; }

    /// <summary>Rows.</summary>
    public long Rows => Manifest.Rows;

    /// <summary>Numbers in a row: the columns to model, then the context.</summary>
    public int Width { get; }

    /// <summary>Whether rows have weights; else each counts once.</summary>
    public bool IsWeighted => Manifest.Weights is not null;

    /// <summary>Number of blocks.</summary>
    public int Blocks => _blocks.Length;

    /// <summary>Opens a data set's folder. Sizes and the manifest's own hash are checked; <see cref="Verify()"/> checks the rest.</summary>
    /// <exception cref="BadInputException">A part is missing or damaged.</exception>
    public static Dataset Open(string folder)
    {
        var manifest = DatasetFolder.ReadManifest(folder);
        var blocks = new List<MappedBlock>(manifest.Blocks.Length);
        try
        {
            foreach (var block in manifest.Blocks)
                blocks.Add(DatasetFolder.Map(folder, manifest, block));
            return new(folder, manifest, [.. blocks]);
        }
        catch
        {
            blocks.ForEach(block => block.Dispose());
            throw;
        }
    }

    /// <summary>The stored numbers of a block, row-major: (x − offset)/scale. Keep the data set alive while reading them.</summary>
    public ReadOnlySpan<float> Block(int index) => _blocks[index].Floats;

    /// <summary>The <see cref="RowKey"/> of every row of a block. Keep the data set alive while reading them.</summary>
    public ReadOnlySpan<uint> Keys(int block) => _blocks[block].Keys;

    /// <summary>Copies rows in the units of the source: offset + scale·stored.</summary>
    public void ReadRows(long first, int count, Span<double> destination)
    {
        if (first < 0 || count < 0 || first + count > Rows)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"Rows {first} to {first + count} were asked for; the data set has {Rows}.");

        var stored = ColumnScales.Stored(destination = destination[..(count * Width)]);
        for (var row = 0; row < count; row++)
            Row(first + row).CopyTo(stored[(row * Width)..]);
        _scales.Restore(destination);
        GC.KeepAlive(this); // or its blocks may be unmapped while they are read
    }

    /// <summary>Copies scattered rows in the units of the source.</summary>
    public void Gather(ReadOnlySpan<RowPlace> places, Span<double> destination)
    {
        var stored = ColumnScales.Stored(destination = destination[..(places.Length * Width)]);
        for (var i = 0; i < places.Length; i++)
            Row(places[i]).CopyTo(stored[(i * Width)..]);
        _scales.Restore(destination);
        GC.KeepAlive(this);
    }

    /// <summary>Copies the weights of scattered rows, in units of the mean of all; only where they have some.</summary>
    public void GatherWeights(ReadOnlySpan<RowPlace> places, Span<float> destination)
    {
        for (var i = 0; i < places.Length; i++) destination[i] = _blocks[places[i].Block].Weights[places[i].Row];
        GC.KeepAlive(this);
    }

    /// <summary>Reads every block and compares its hash.</summary>
    /// <exception cref="BadInputException">A block is damaged; the sentence names it.</exception>
    public void Verify()
    {
        for (var block = 0; block < Blocks; block++) Verify(block);
    }

    /// <summary>Reads a block and compares its hash.</summary>
    /// <exception cref="BadInputException">It is damaged; the sentence names it.</exception>
    public void Verify(int block)
    {
        if (_blocks[block].ComputeHash() != Manifest.Blocks[block].XxHash)
            throw DatasetFolder.Damaged(Folder, $"the hash of {Manifest.Blocks[block].File} is wrong");
    }

    private ReadOnlySpan<float> Row(RowPlace place) => _blocks[place.Block].Floats.Slice(place.Row * Width, Width);

    private ReadOnlySpan<float> Row(long row)
    {
        var (block, index) = Math.DivRem(row, Manifest.RowsPerBlock);
        return Row(new RowPlace((int)block, (int)index));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var block in _blocks)
            block.Dispose();
    }
}
