using System.Collections.Immutable;

namespace FlowGrain.Flows.Kernels;

/// <summary>Linear layers with ReLU between them; see <see cref="Conditioners.Mlp"/>.</summary>
/// <remarks>
/// Kept: the output h of every hidden layer. Backward, from the last layer to the first: <c>dW = Σ dy hᵀ</c>, then
/// <c>dh = Wᵀ dy</c> where h is above zero, which is where the ReLU let the sum through.
/// </remarks>
internal sealed class MlpKernel<T>(ImmutableArray<Dense<T>> layers) : NetKernel<T>(layers[0].Inputs, layers[^1].Outputs)
    where T : struct, ILanes<T>
{
    private readonly int _hidden = layers[0].Outputs;

    internal override int Kept => (layers.Length - 1) * _hidden;

    internal override int Scratch => 2 * _hidden + layers.Max(layer => layer.Scratch);

    internal override void Prepare(Floats parameters)
    {
        foreach (var layer in layers) layer.Prepare(parameters);
    }

    internal override void Forward(int blocks, Floats input, Floats kept, Floats output)
    {
        for (var i = 0; i < layers.Length - 1; i++)
        {
            var h = Hidden(kept, blocks, i);
            layers[i].Forward<Relu<T>>(blocks, input, h);
            input = h;
        }

        layers[^1].Forward<Assign<T>>(blocks, input, output);
    }

    internal override void Backward(int blocks, Floats input, Floats kept, Floats outputGradient, int wanted, Floats inputGradient, Floats scratch)
    {
        var regions = new Regions(scratch, blocks * Tile.BlockRows);
        var (gradient, next) = (regions.Next(_hidden), regions.Next(_hidden));
        var transposed = regions.Next(Scratch - 2 * _hidden);
        var dy = outputGradient;
        for (var i = layers.Length - 1; i > 0; i--)
        {
            var h = Hidden(kept, blocks, i - 1);
            layers[i].AddGradients(blocks, dy, h, transposed);
            layers[i].BackwardInput<WherePositive<T>>(blocks, dy, _hidden, gradient, h.From(gradient));
            dy = gradient;
            (gradient, next) = (next, gradient);
        }

        layers[0].AddGradients(blocks, dy, input, transposed);
        layers[0].BackwardInput<Assign<T>>(blocks, dy, wanted, inputGradient);
    }

    internal override void Collect(Floats gradient)
    {
        foreach (var layer in layers) layer.Collect(gradient);
    }

    public override void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
    }

    private Floats Hidden(Floats kept, int blocks, int layer)
    {
        var size = blocks * Tile.BlockRows * _hidden;
        return kept.Slice(layer * size, size);
    }
}
