using System.Collections.Immutable;

namespace FlowGrain.Flows.Kernels;

/// <summary>The memory of one tile on its way through a list of kernels; made once and used again for every tile.</summary>
internal sealed class TileMemory : IDisposable
{
    /// <summary>Rows of the largest tile: with 128 the weights are read seldom enough, and what a tile keeps stays in the second-level cache.</summary>
    internal const int MostRows = 128;

    private readonly AlignedBuffer _memory;
    private readonly Floats[] _states;
    private readonly Floats[] _kept;
    private readonly Floats _context;
    private readonly Floats _logDet;
    private readonly Floats _weight;
    private readonly Floats _scratch;

    private TileMemory(FlowShape shape, int states, int[] kept, int scratch)
    {
        _memory = new AlignedBuffer(checked((states * shape.Dimension + kept.Sum() + scratch + shape.Context + 2) * MostRows));
        var regions = new Regions(_memory.Floats, MostRows);
        _states = [.. Enumerable.Range(0, states).Select(_ => regions.Next(shape.Dimension))];
        _kept = [.. kept.Select(columns => regions.Next(columns))];
        _context = regions.Next(shape.Context);
        _logDet = regions.Next(1);
        _weight = regions.Next(1);
        _scratch = regions.Next(scratch);
    }

    /// <summary>Two places for the derivatives in what is before and after a kernel; only with memory that keeps.</summary>
    internal (Floats, Floats) Gradients => (_states[^1], _states[^2]);

    /// <summary>Memory for one kernel at a time.</summary>
    internal static TileMemory Passing<T>(ImmutableArray<Kernel<T>> kernels, FlowShape shape) where T : struct, ILanes<T> =>
        new(shape, states: 2, [kernels.Select(kernel => kernel.Kept).DefaultIfEmpty().Max()], scratch: 0);

    /// <summary>Memory in which what every kernel had and kept stays, for the way back.</summary>
    internal static TileMemory Keeping<T>(ImmutableArray<Kernel<T>> kernels, FlowShape shape) where T : struct, ILanes<T> =>
        new(shape, kernels.Length + 3, [.. kernels.Select(kernel => kernel.Kept)], kernels.Select(kernel => kernel.Scratch).DefaultIfEmpty().Max());

    /// <summary>A tile of so many rows, with log-determinants of zero.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="weights">Their weights; empty where each counts once.</param>
    internal Tile Begin(int rows, ReadOnlySpan<float> weights = default)
    {
        _logDet.Span.Clear();
        if (weights.IsEmpty) _weight.Span[..rows].Fill(1);
        else weights.CopyTo(_weight.Span);
        _weight.Span[rows..].Clear();
        return new Tile
        {
            Blocks = (rows + Tile.BlockRows - 1) / Tile.BlockRows,
            Context = _context,
            LogDet = _logDet,
            Weight = _weight,
            Scratch = _scratch,
        };
    }

    /// <summary>Values <c>[block][D][32]</c> before kernel i in the Normalize direction. Memory for one kernel at a time has two, in turn: before and after.</summary>
    internal Floats State(int i) => _states[i % _states.Length];

    /// <summary>What kernel i keeps.</summary>
    internal Floats Kept(int i) => _kept[i % _kept.Length];

    public void Dispose() => _memory.Dispose();
}
