namespace FlowGrain.Data;

/// <summary>The order in which the training rows of a split come, another in every epoch.</summary>
/// <remarks>
/// A pure function of (split, seed, epoch, position): any worker computes any part of it alone.
/// Each epoch visits every training row exactly once. Safe for concurrent readers.
/// </remarks>
internal sealed class EpochOrder(Split split, long seed)
{
    private const int Chunk = 512; // places in flight: enough to overlap the cache misses, few enough for the stack
    private readonly RowSet _rows = split.Side(RowSide.Train);
    private readonly int _rowsPerBlock = split.Data.Manifest.RowsPerBlock;
    private volatile EpochPlan? _latest; // workers stay in one epoch for long; losing a race costs a shuffle of the blocks

    /// <summary>Rows of an epoch.</summary>
    public long Rows => _rows.Count;

    /// <summary>What the hashes of the rows of any complete epoch add up to.</summary>
    public ulong Hash { get; } = RowIdHash.Of(split.Side(RowSide.Train), split.Data.Manifest.RowsPerBlock);

    /// <summary>Copies the rows at the given positions of an epoch, in the units of the source.</summary>
    /// <returns>The sum of the hashes of the rows that were copied; over an epoch it is <see cref="Hash"/>.</returns>
    public ulong Gather(long epoch, long position, int count, Span<double> destination)
    {
        Require(position, count);
        var (plan, width, hash) = (PlanOf(epoch), split.Data.Width, 0UL);
        Span<RowPlace> places = stackalloc RowPlace[Chunk];
        for (var done = 0; done < count; done += Chunk)
        {
            var chunk = places[..Math.Min(Chunk, count - done)];
            plan.Locate(position + done, chunk);
            split.Data.Gather(chunk, destination.Slice(done * width, chunk.Length * width));
            hash += RowIdHash.Of(chunk, _rowsPerBlock);
        }

        return hash;
    }

    /// <summary>Copies the weights of the rows from a position of an epoch on; only where they have some.</summary>
    public void GatherWeights(long epoch, long position, Span<float> destination)
    {
        Require(position, destination.Length);
        var plan = PlanOf(epoch);
        Span<RowPlace> places = stackalloc RowPlace[Chunk];
        for (var done = 0; done < destination.Length; done += Chunk)
        {
            var chunk = places[..Math.Min(Chunk, destination.Length - done)];
            plan.Locate(position + done, chunk);
            split.Data.GatherWeights(chunk, destination[done..]);
        }
    }

    private EpochPlan PlanOf(long epoch)
    {
        var latest = _latest;
        return latest?.Epoch == epoch ? latest : _latest = new(_rows, seed, epoch);
    }

    private void Require(long position, int count)
    {
        if (position < 0 || count < 0 || position + count > Rows)
            throw new ArgumentOutOfRangeException(nameof(position), position, $"Positions {position} to {position + count} were asked for; an epoch has {Rows} rows.");
    }
}
