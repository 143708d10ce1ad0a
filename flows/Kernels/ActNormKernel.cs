using FlowGrain.Flows.Numerics;

namespace FlowGrain.Flows.Kernels;

/// <summary>Scales and shifts of the columns, <c>z = x exp(s) + b</c>; see <see cref="Transforms.ActNorm"/>.</summary>
/// <remarks>Backward, with log|det| = Σ s whose derivative is −w, the sum of the rows' weights: <c>dx = dz exp(s)</c>, <c>db = Σ dz</c>, <c>ds = Σ dx·x − w</c>.</remarks>
internal sealed unsafe class ActNormKernel<T>(ParameterBlock logScale, ParameterBlock bias) : Kernel<T> where T : struct, ILanes<T>
{
    private readonly int _dimension = bias.Count;
    private readonly float[] _scales = new float[bias.Count];
    private readonly AlignedBuffer _sums = new(2 * bias.Count * Tile.BlockRows); // of ds, then of db, a lane of rows each
    private Floats _shifts;
    private float _logDet;

    internal override int Kept => 0;

    internal override void Prepare(Floats parameters)
    {
        var logs = parameters.Slice(logScale.Offset, _dimension).Span;
        var sum = 0.0;
        for (var i = 0; i < _dimension; i++)
        {
            _scales[i] = (float)PortableMath.Exp(logs[i]);
            sum += logs[i];
        }

        (_shifts, _logDet) = (parameters.Slice(bias.Offset, _dimension), (float)sum);
    }

    internal override void Normalize(in Tile tile, Floats x, Floats z, Floats kept)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < _dimension; i++) Normalize(x.Column(block, _dimension, i), z.Column(block, _dimension, i), i);
            Columns.Add<T>(tile.LogDet.Block(block, 1), _logDet);
        }
    }

    internal override void Backward(in Tile tile, Floats x, Floats z, Floats zGradient, Floats xGradient, Floats kept)
    {
        for (var block = 0; block < tile.Blocks; block++)
            for (var i = 0; i < _dimension; i++) Backward(x.Column(block, _dimension, i), zGradient.Column(block, _dimension, i), xGradient.Column(block, _dimension, i), i);
    }

    internal override void Generate(in Tile tile, Floats z, Floats x, Floats kept)
    {
        for (var block = 0; block < tile.Blocks; block++)
        {
            for (var i = 0; i < _dimension; i++)
            {
                Columns.Copy<T>(z.Column(block, _dimension, i), x.Column(block, _dimension, i));
                Columns.Add<T>(x.Column(block, _dimension, i), -_shifts.Span[i]);
                Columns.Divide<T>(x.Column(block, _dimension, i), _scales[i]);
            }

            Columns.Add<T>(tile.LogDet.Block(block, 1), -_logDet);
        }
    }

    internal override void Collect(Floats gradient, float weight)
    {
        var logs = gradient.Slice(logScale.Offset, _dimension).Span;
        var shifts = gradient.Slice(bias.Offset, _dimension).Span;
        for (var i = 0; i < _dimension; i++)
        {
            logs[i] = Columns.Total(_sums.Floats.Block(i, 1)) - weight;
            shifts[i] = Columns.Total(_sums.Floats.Block(_dimension + i, 1));
        }

        _sums.Floats.Span.Clear();
    }

    public override void Dispose() => _sums.Dispose();

    private void Normalize(float* x, float* z, int column)
    {
        var (scale, shift) = (T.All(_scales[column]), T.All(_shifts.Span[column]));
        for (var row = 0; row < Tile.BlockRows; row += T.Count) T.Store(z + row, T.MultiplyAdd(T.Load(x + row), scale, shift));
    }

    private void Backward(float* x, float* zGradient, float* xGradient, int column)
    {
        var scale = T.All(_scales[column]);
        float* logs = _sums.Floats.Block(column, 1);
        float* shifts = _sums.Floats.Block(_dimension + column, 1);
        for (var row = 0; row < Tile.BlockRows; row += T.Count)
        {
            var dz = T.Load(zGradient + row);
            var dx = dz * scale;
            T.Store(logs + row, T.MultiplyAdd(dx, T.Load(x + row), T.Load(logs + row)));
            T.Store(shifts + row, T.Load(shifts + row) + dz);
            T.Store(xGradient + row, dx);
        }
    }
}
