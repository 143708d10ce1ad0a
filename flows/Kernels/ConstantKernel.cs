namespace FlowGrain.Flows.Kernels;

/// <summary>The same outputs for every row; see <see cref="Conditioners.Constant"/>.</summary>
internal sealed unsafe class ConstantKernel<T>(int inputs, ParameterBlock bias) : NetKernel<T>(inputs, bias.Count) where T : struct, ILanes<T>
{
    private readonly AlignedBuffer _sums = new(bias.Count * Tile.BlockRows);
    private Floats _values;

    internal override int Kept => 0;

    internal override int Scratch => 0;

    internal override void Prepare(Floats parameters) => _values = parameters.Slice(bias.Offset, bias.Count);

    internal override void Forward(int blocks, Units hidden, Units outputs, Floats input, Floats kept, Floats output)
    {
        for (var block = 0; block < blocks; block++)
        {
            for (var i = outputs.First; i < outputs.First + outputs.Count; i++) Columns.Fill<T>(output.Column(block, Outputs, i), _values.Span[i]);
        }
    }

    internal override void Backward(int blocks, Floats input, Floats kept, Floats outputGradient, Units inputs, Floats inputGradient, Floats scratch)
    {
        for (var block = 0; block < blocks; block++)
        {
            for (var i = 0; i < Outputs; i++)
            {
                var sums = _sums.Floats.Block(i, 1);
                Columns.Sum<T>(sums, outputGradient.Column(block, Outputs, i), sums);
            }
        }

        inputGradient.Span.Clear();
    }

    internal override void Collect(Floats gradient)
    {
        for (var i = 0; i < Outputs; i++) gradient.At(bias.Offset, bias.Count)[i] = Columns.Total(_sums.Floats.Block(i, 1));
        _sums.Floats.Span.Clear();
    }

    public override void Dispose() => _sums.Dispose();
}
