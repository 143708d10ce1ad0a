using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Flows.Kernels;

/// <summary>The linear map <c>z = L U x + b</c> of <see cref="LuLinear"/>: two triangular layers after one another, <c>y = U x</c> and <c>z = L y + b</c>.</summary>
/// <remarks>
/// Together they cost what the full matrix would, and nothing has to be multiplied out or inverted. Backward: <c>dy = Lᵀ dz</c>,
/// <c>dL = Σ dz yᵀ</c>, <c>dx = Uᵀ dy</c>, <c>dU = Σ dy xᵀ</c>, each inside its triangle. The diagonal <c>u = softplus(d) + 10⁻³</c>
/// also enters log|det| = Σ log u, so that <c>dd = (dU_ii − w/u) · sigmoid(d)</c> with w the sum of the rows' weights. Generate substitutes forwards, then backwards.
/// </remarks>
internal sealed unsafe class LuKernel<T> : Kernel<T> where T : struct, ILanes<T>
{
    private readonly int _dimension;
    private readonly ParameterBlock _lu;
    private readonly ParameterBlock _diagonal;
    private readonly ParameterBlock _bias;
    private readonly Dense<T> _lower;
    private readonly Dense<T> _upper;
    private readonly AlignedBuffer _factors; // L, U and b as the two layers read them
    private readonly AlignedBuffer _factorGradients;
    private readonly float[] _slopes; // of the diagonal in its parameters
    private float _logDet;

    internal LuKernel(ParameterBlock lu, ParameterBlock diagonal, ParameterBlock bias)
    {
        (_lu, _diagonal, _bias) = (lu, diagonal, bias);
        _dimension = diagonal.Count;
        var layout = ParameterLayout.Of(scope =>
        {
            scope.Add("lower", Initializer.Zero, _dimension, _dimension);
            scope.Add("upper", Initializer.Zero, _dimension, _dimension);
            scope.Add("bias", Initializer.Zero, _dimension);
        });
        _lower = new Dense<T>(layout["lower"], layout["bias"], Band.Lower(_dimension));
        _upper = new Dense<T>(layout["upper"], null, Band.Upper(_dimension));
        _factors = new AlignedBuffer(layout.Count);
        _factorGradients = new AlignedBuffer(layout.Count);
        _slopes = new float[_dimension];
    }

    internal override int Kept => _dimension;

    internal override int Scratch => _dimension + _lower.Scratch;

    internal override void Prepare(Floats parameters)
    {
        var lower = Lower(_factors);
        var upper = Upper(_factors);
        var lu = Of(parameters, _lu);
        for (var row = 0; row < _dimension; row++)
        {
            lu.Slice(row * _dimension, row).CopyTo(lower[(row * _dimension)..]);
            lu[(row * _dimension + row)..((row + 1) * _dimension)].CopyTo(upper[(row * _dimension + row)..]);
            lower[row * _dimension + row] = 1;
        }

        Of(parameters, _bias).CopyTo(Bias(_factors));
        PrepareDiagonal(Of(parameters, _diagonal), upper);
        _lower.Prepare(_factors.Floats);
        _upper.Prepare(_factors.Floats);
    }

    internal override void Normalize(in Tile tile, Floats x, Floats z, Floats kept)
    {
        _upper.Forward<Assign<T>>(tile.Blocks, x, kept);
        _lower.Forward<Assign<T>>(tile.Blocks, kept, z);
        for (var block = 0; block < tile.Blocks; block++) Columns.Add<T>(tile.LogDet.Block(block, 1), _logDet);
    }

    internal override void Backward(in Tile tile, Floats x, Floats z, Floats zGradient, Floats xGradient, Floats kept)
    {
        var regions = new Regions(tile.Scratch, tile.Rows);
        var (middle, scratch) = (regions.Next(_dimension), regions.Next(_lower.Scratch));
        _lower.AddGradients(tile.Blocks, zGradient, kept, scratch);
        _lower.BackwardInput<Assign<T>>(tile.Blocks, new Units(0, _dimension), zGradient, middle);
        _upper.AddGradients(tile.Blocks, middle, x, scratch);
        _upper.BackwardInput<Assign<T>>(tile.Blocks, new Units(0, _dimension), middle, xGradient);
    }

    internal override void Generate(in Tile tile, Floats z, Floats x, Floats kept)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < _dimension; i++)
            {
                Columns.Copy<T>(z.Column(block, _dimension, i), x.Column(block, _dimension, i));
                Columns.Add<T>(x.Column(block, _dimension, i), -Bias(_factors)[i]);
                Substitute(_factors.Floats, x.Block(block, _dimension), i, 0, i);
            }

            for (var i = _dimension - 1; i >= 0; i--)
            {
                Substitute(_factors.Floats.Slice(_dimension * _dimension, _dimension * _dimension), x.Block(block, _dimension), i, i + 1, _dimension);
                Columns.Divide<T>(x.Column(block, _dimension, i), Upper(_factors)[i * _dimension + i]);
            }

            Columns.Add<T>(tile.LogDet.Block(block, 1), -_logDet);
        }
    }

    internal override void Collect(Floats gradient, float weight)
    {
        _lower.Collect(_factorGradients.Floats);
        _upper.Collect(_factorGradients.Floats);
        var lower = Lower(_factorGradients);
        var upper = Upper(_factorGradients);
        var lu = Of(gradient, _lu);
        var diagonal = Of(gradient, _diagonal);
        for (var i = 0; i < _dimension; i++)
        {
            lower.Slice(i * _dimension, i).CopyTo(lu[(i * _dimension)..]);
            upper[(i * _dimension + i + 1)..((i + 1) * _dimension)].CopyTo(lu[(i * _dimension + i + 1)..]);
            diagonal[i] = (upper[i * _dimension + i] - weight / Upper(_factors)[i * _dimension + i]) * _slopes[i];
        }

        Bias(_factorGradients).CopyTo(Of(gradient, _bias));
    }

    public override void Dispose()
    {
        _lower.Dispose();
        _upper.Dispose();
        _factors.Dispose();
        _factorGradients.Dispose();
    }

    private void PrepareDiagonal(ReadOnlySpan<float> diagonal, Span<float> upper)
    {
        var logDet = 0.0;
        for (var i = 0; i < _dimension; i++)
        {
            var small = PortableMath.Exp(-Math.Abs(diagonal[i]));
            var value = Math.Max(0.0, diagonal[i]) + PortableMath.Log(1 + small) + LuLinearSpec.MinDiagonal;
            upper[i * _dimension + i] = (float)value;
            _slopes[i] = (float)((diagonal[i] >= 0 ? 1 : small) / (1 + small));
            logDet += PortableMath.Log(value);
        }

        _logDet = (float)logDet;
    }

    /// <summary>x_i −= Σ_k factor[i, k] x_k over some columns k of the same block.</summary>
    private void Substitute(Floats factor, float* block, int i, int first, int end) =>
        MatrixTile.Multiply<T, Subtract<T>>(new MatrixJob
        {
            A = factor.At(i * _dimension + first, end - first),
            ARowStride = _dimension,
            AStride = 1,
            B = block + first * Tile.BlockRows,
            BStride = Tile.BlockRows,
            C = block + i * Tile.BlockRows,
            CRowStride = Tile.BlockRows,
            Rows = 1,
            Columns = Tile.BlockRows,
            Depth = end - first,
        });

    private Span<float> Lower(AlignedBuffer factors) => factors.Floats.Slice(0, _dimension * _dimension).Span;

    private Span<float> Upper(AlignedBuffer factors) => factors.Floats.Slice(_dimension * _dimension, _dimension * _dimension).Span;

    private Span<float> Bias(AlignedBuffer factors) => factors.Floats.Slice(2 * _dimension * _dimension, _dimension).Span;

    private static Span<float> Of(Floats parameters, ParameterBlock block) => parameters.Slice(block.Offset, block.Count).Span;
}
