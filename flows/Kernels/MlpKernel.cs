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
    internal override int Hidden { get; } = layers[0].Outputs;

    internal override int Kept => (layers.Length - 1) * Hidden;

    internal override int Scratch { get; } = (layers.Length - 1) * layers[0].Outputs + Math.Max(layers[0].Scratch, layers[^1].Scratch);

    internal override void Prepare(Floats parameters)
    {
        foreach (var layer in layers) layer.Prepare(parameters);
    }

    internal override void Forward(int blocks, Units hidden, Units outputs, Floats input, Floats kept, Floats output)
    {
        for (var i = 0; i < layers.Length - 1; i++)
        {
            var h = OfLayer(kept, blocks, i);
            layers[i].Forward<Relu<T>>(blocks, hidden, input, h);
            input = h;
        }

        layers[^1].Forward<Assign<T>>(blocks, outputs, input, output);
    }

    internal override void Backward(int blocks, Floats input, Floats kept, Floats outputGradient, Units inputs, Floats inputGradient, Floats scratch)
    {
        var regions = new Regions(scratch, blocks * Tile.BlockRows);
        var gradients = regions.Next(Kept);
        BackwardUnits(blocks, new Units(0, Hidden), inputs, kept, outputGradient, inputGradient, gradients);
        AddGradients(blocks, input, kept, outputGradient, gradients, regions.Next(Scratch - Kept));
    }

    /// <summary>The derivatives in some units of every hidden layer and in some inputs; those in all that sees them must be there already.</summary>
    internal void BackwardUnits(int blocks, Units hidden, Units inputs, Floats kept, Floats outputGradient, Floats inputGradient, Floats gradients)
    {
        var dy = outputGradient;
        for (var i = layers.Length - 1; i > 0; i--)
        {
            var (h, dh) = (OfLayer(kept, blocks, i - 1), OfLayer(gradients, blocks, i - 1));
            layers[i].BackwardInput<WherePositive<T>>(blocks, hidden, dy, dh, h.From(dh));
            dy = dh;
        }

        layers[0].BackwardInput<Assign<T>>(blocks, inputs, dy, inputGradient);
    }

    /// <summary>Adds to the sums of the weights' gradients, once the derivatives in every unit are there.</summary>
    internal void AddGradients(int blocks, Floats input, Floats kept, Floats outputGradient, Floats gradients, Floats transposed)
    {
        for (var i = 0; i < layers.Length; i++)
        {
            var dy = i == layers.Length - 1 ? outputGradient : OfLayer(gradients, blocks, i);
            layers[i].AddGradients(blocks, dy, i == 0 ? input : OfLayer(kept, blocks, i - 1), transposed);
        }
    }

    internal override void Collect(Floats gradient)
    {
        foreach (var layer in layers) layer.Collect(gradient);
    }

    public override void Dispose()
    {
        foreach (var layer in layers) layer.Dispose();
    }

    private Floats OfLayer(Floats kept, int blocks, int layer)
    {
        var size = blocks * Tile.BlockRows * Hidden;
        return kept.Slice(layer * size, size);
    }
}
