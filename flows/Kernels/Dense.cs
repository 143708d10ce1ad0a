using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>
/// A linear layer <c>y = W h + b</c> over tiles, and its gradients: <c>dh = Wᵀ dy</c>, <c>dW = Σ dy hᵀ</c>, <c>db = Σ dy</c>, all by
/// <see cref="MatrixTile"/>. Sums over rows are kept from tile to tile and folded into the flat gradient at the end.
/// </summary>
/// <remarks>
/// With a <see cref="Band"/> only the weights inside of it count: the products skip what lies outside, which must hold zeros,
/// and the gradient there is zero. Weight sums are panels <c>[panel][outputs][32 inputs]</c>, bias sums <c>[outputs][32 rows]</c>.
/// </remarks>
internal sealed unsafe class Dense<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly ParameterBlock _weightBlock;
    private readonly ParameterBlock? _biasBlock;
    private readonly Band _band;
    private readonly Band _transposedBand;
    private readonly AlignedBuffer _weightSums;
    private readonly AlignedBuffer _biasSums;
    private float* _weight;
    private float* _bias;

    /// <summary>A layer whose weight <c>[outputs, inputs]</c>, masked or not, and bias lie at these places of a flat buffer.</summary>
    internal Dense(ParameterBlock weight, ParameterBlock bias)
        : this(weight, bias, weight.Mask is { } mask ? Band.Prefixes([.. mask], weight.Shape[1]) : Band.Full(weight.Shape[0], weight.Shape[1]))
    {
    }

    /// <summary>A layer that is zero outside of a band.</summary>
    internal Dense(ParameterBlock weight, ParameterBlock? bias, Band band)
    {
        (_weightBlock, _biasBlock) = (weight, bias);
        (Outputs, Inputs) = (weight.Shape[0], weight.Shape[1]);
        _band = band;
        _transposedBand = _band.Transposed();
        _weightSums = new AlignedBuffer(Outputs * Transposition.Padded(Inputs));
        _biasSums = new AlignedBuffer(Outputs * Tile.BlockRows);
    }

    internal int Inputs { get; }

    internal int Outputs { get; }

    /// <summary>Floats a row that <see cref="AddGradients"/> works in.</summary>
    internal int Scratch => Transposition.Padded(Inputs);

    /// <summary>Points the layer at the weights.</summary>
    internal void Prepare(Floats parameters)
    {
        _weight = parameters.At(_weightBlock.Offset, _weightBlock.Count);
        _bias = _biasBlock is null ? null : parameters.At(_biasBlock.Offset, _biasBlock.Count);
    }

    /// <summary>y of every block.</summary>
    internal void Forward<TStore>(int blocks, Floats input, Floats output, nint companion = 0)
        where TStore : struct, IStore<T> => Forward<TStore>(blocks, new Units(0, Outputs), input, output, companion);

    /// <summary>Some of y of every block.</summary>
    internal void Forward<TStore>(int blocks, Units outputs, Floats input, Floats output, nint companion = 0)
        where TStore : struct, IStore<T>
    {
        MatrixTile.Multiply<T, TStore>(new MatrixJob
        {
            A = _weight,
            ARowStride = Inputs,
            AStride = 1,
            B = input.Blocks(blocks, Inputs),
            BStride = Tile.BlockRows,
            BBlockStride = Inputs * Tile.BlockRows,
            C = output.Blocks(blocks, Outputs),
            CRowStride = Tile.BlockRows,
            CBlockStride = Outputs * Tile.BlockRows,
            Blocks = blocks,
            Start = _bias,
            Companion = companion,
            FirstRow = outputs.First,
            Rows = outputs.Count,
            Columns = Tile.BlockRows,
            Depth = Inputs,
            Band = _band,
        });
    }

    /// <summary>Some of dh of every block, by the same tile with W read at strides (1, inputs).</summary>
    internal void BackwardInput<TStore>(int blocks, Units inputs, Floats gradient, Floats inputGradient, nint companion = 0)
        where TStore : struct, IStore<T>
    {
        MatrixTile.Multiply<T, TStore>(new MatrixJob
        {
            A = _weight,
            ARowStride = 1,
            AStride = Inputs,
            B = gradient.Blocks(blocks, Outputs),
            BStride = Tile.BlockRows,
            BBlockStride = Outputs * Tile.BlockRows,
            C = inputGradient.Blocks(blocks, Inputs),
            CRowStride = Tile.BlockRows,
            CBlockStride = Inputs * Tile.BlockRows,
            Blocks = blocks,
            Companion = companion,
            FirstRow = inputs.First,
            Rows = inputs.Count,
            Columns = Tile.BlockRows,
            Depth = Outputs,
            Band = _transposedBand,
        });
    }

    /// <summary>Adds a tile's Σ dy hᵀ and Σ dy.</summary>
    internal void AddGradients(int blocks, Floats gradient, Floats input, Floats scratch)
    {
        Transposition.Run(blocks, input, Inputs, scratch);
        for (var column = 0; column < Inputs; column += Transposition.Panel) AddPanel(blocks, column, gradient, scratch);
        if (_biasBlock is not null) AddRows(blocks, gradient);
    }

    /// <summary>Writes the summed gradients to their places in the flat gradient, and begins anew.</summary>
    internal void Collect(Floats gradient)
    {
        var weight = gradient.Slice(_weightBlock.Offset, _weightBlock.Count).Span;
        for (var row = 0; row < Outputs; row++) CollectRow(row, weight.Slice(row * Inputs, Inputs));
        _weightSums.Floats.Span.Clear();
        if (_biasBlock is null) return;
        var bias = gradient.Slice(_biasBlock.Offset, _biasBlock.Count).Span;
        for (var row = 0; row < Outputs; row++) bias[row] = Columns.Total(_biasSums.Floats.Block(row, 1));
        _biasSums.Floats.Span.Clear();
    }

    public void Dispose()
    {
        _weightSums.Dispose();
        _biasSums.Dispose();
    }

    private void AddPanel(int blocks, int column, Floats gradient, Floats transposed)
    {
        var rows = blocks * Tile.BlockRows;
        var first = _transposedBand.Begin(column);
        var last = _transposedBand.End(Math.Min(column + Transposition.Panel, Inputs) - 1);
        MatrixTile.Multiply<T, Add<T>>(new MatrixJob
        {
            A = gradient.At(0, rows * Outputs),
            ARowStride = Tile.BlockRows,
            AStride = 1,
            AGroupStride = Outputs * Tile.BlockRows,
            B = transposed.At(column * rows, rows * Transposition.Panel),
            BStride = Transposition.Panel,
            BGroupStride = Tile.BlockRows * Transposition.Panel,
            C = _weightSums.Floats.At(column * Outputs, Outputs * Transposition.Panel),
            CRowStride = Transposition.Panel,
            FirstRow = first,
            Rows = Math.Max(0, last - first),
            Columns = Transposition.Panel,
            Depth = Tile.BlockRows,
            Groups = blocks,
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRows(int blocks, Floats gradient)
    {
        for (var output = 0; output < Outputs; output++)
        {
            var sums = _biasSums.Floats.Block(output, 1);
            for (var row = 0; row < Tile.BlockRows; row += T.Count)
            {
                var sum = T.Load(sums + row);
                for (var block = 0; block < blocks; block++) sum += T.Load(gradient.Column(block, Outputs, output) + row);
                T.Store(sums + row, sum);
            }
        }
    }

    private void CollectRow(int row, Span<float> weight)
    {
        weight.Clear();
        for (var column = _band.Begin(row); column < _band.End(row);)
        {
            var end = Math.Min(_band.End(row), (column / Transposition.Panel + 1) * Transposition.Panel);
            var panel = column / Transposition.Panel * Transposition.Panel;
            var sums = _weightSums.Floats.Slice((panel * Outputs) + (row * Transposition.Panel) + column - panel, end - column);
            sums.Span.CopyTo(weight[column..]);
            column = end;
        }
    }
}
