using System.Runtime.CompilerServices;

namespace FlowGrain.Flows.Kernels;

/// <summary>
/// A linear layer <c>y = W h + b</c> over tiles, and its gradients: <c>dh = Wᵀ dy</c>, <c>dW = Σ dy hᵀ</c>, <c>db = Σ dy</c>, all by
/// <see cref="MatrixTile"/>. Sums over rows are kept in padded buffers from tile to tile and folded into the flat gradient at the end.
/// </summary>
internal sealed unsafe class Dense<T> : IDisposable where T : struct, ILanes<T>
{
    private readonly int _weight;
    private readonly int _bias;
    private readonly int _paddedInputs;
    private readonly AlignedBuffer _weightSums;
    private readonly AlignedBuffer _biasSums;

    /// <summary>A layer whose weight <c>[outputs, inputs]</c> and bias lie at these offsets of the flat buffer.</summary>
    internal Dense(ParameterBlock weight, ParameterBlock bias)
    {
        (_weight, _bias) = (weight.Offset, bias.Offset);
        (Outputs, Inputs) = (weight.Shape[0], weight.Shape[1]);
        _paddedInputs = Transposition.Padded(Inputs);
        _weightSums = new AlignedBuffer(Outputs * _paddedInputs);
        _biasSums = new AlignedBuffer(Outputs * Tile.BlockRows);
    }

    internal int Inputs { get; }

    internal int Outputs { get; }

    /// <summary>y for every block.</summary>
    internal void Forward<TStore>(float* parameters, int blocks, float* input, int inputStride, float* output, int outputStride)
        where TStore : struct, IStore<T>
    {
        for (var block = 0; block < blocks; block++)
        {
            MatrixTile.Multiply<T, TStore>(new MatrixJob
            {
                A = parameters + _weight,
                ARowStride = Inputs,
                AStride = 1,
                B = input + block * inputStride,
                BStride = Tile.BlockRows,
                C = output + block * outputStride,
                CRowStride = Tile.BlockRows,
                Start = parameters + _bias,
                Rows = Outputs,
                Columns = Tile.BlockRows,
                Depth = Inputs,
            });
        }
    }

    /// <summary>dh for every block, by the same tile with W read at strides (1, inputs).</summary>
    internal void BackwardInput<TStore>(float* parameters, int blocks, float* gradient, int gradientStride, float* input, int inputStride, nint companion = 0)
        where TStore : struct, IStore<T>
    {
        for (var block = 0; block < blocks; block++)
        {
            MatrixTile.Multiply<T, TStore>(new MatrixJob
            {
                A = parameters + _weight,
                ARowStride = 1,
                AStride = Inputs,
                B = gradient + block * gradientStride,
                BStride = Tile.BlockRows,
                C = input + block * inputStride,
                CRowStride = Tile.BlockRows,
                Companion = companion,
                Rows = Inputs,
                Columns = Tile.BlockRows,
                Depth = Outputs,
            });
        }
    }

    /// <summary>Adds a tile's Σ dy hᵀ and Σ dy; <paramref name="transposed"/> is the layer's input as <see cref="Transposition"/> lays it out.</summary>
    internal void AddGradients(int blocks, float* gradient, int gradientStride, float* transposed)
    {
        MatrixTile.Multiply<T, Add<T>>(new MatrixJob
        {
            A = gradient,
            ARowStride = Tile.BlockRows,
            AStride = 1,
            AGroupStride = gradientStride,
            B = transposed,
            BStride = _paddedInputs,
            BGroupStride = Tile.BlockRows * _paddedInputs,
            C = _weightSums.Pointer,
            CRowStride = _paddedInputs,
            Rows = Outputs,
            Columns = _paddedInputs,
            Depth = Tile.BlockRows,
            Groups = blocks,
        });
        for (var block = 0; block < blocks; block++) AddInPlace(_biasSums.Pointer, gradient + block * gradientStride, Outputs * Tile.BlockRows);
    }

    /// <summary>Writes the summed gradients to their places in the flat gradient, and begins anew.</summary>
    internal void Collect(float* gradient)
    {
        for (var row = 0; row < Outputs; row++)
        {
            new ReadOnlySpan<float>(_weightSums.Pointer + row * _paddedInputs, Inputs).CopyTo(new Span<float>(gradient + _weight + row * Inputs, Inputs));
            gradient[_bias + row] = RowSum.Of(_biasSums.Pointer + row * Tile.BlockRows);
        }

        _weightSums.Span.Clear();
        _biasSums.Span.Clear();
    }

    public void Dispose()
    {
        _weightSums.Dispose();
        _biasSums.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddInPlace(float* sums, float* values, int count)
    {
        for (var i = 0; i < count; i += T.Count) T.Store(sums + i, T.Load(sums + i) + T.Load(values + i));
    }
}

/// <summary>The sum of the 32 partial sums that stand for one number, in one fixed tree.</summary>
internal static unsafe class RowSum
{
    internal static float Of(float* lanes)
    {
        Span<float> sums = stackalloc float[Tile.BlockRows];
        new ReadOnlySpan<float>(lanes, Tile.BlockRows).CopyTo(sums);
        for (var half = Tile.BlockRows / 2; half > 0; half /= 2)
        {
            for (var i = 0; i < half; i++) sums[i] += sums[i + half];
        }

        return sums[0];
    }
}
