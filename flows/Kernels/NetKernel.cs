namespace FlowGrain.Flows.Kernels;

/// <summary>A net on tiles with its derivative; see <see cref="Conditioners.ConditionerSpec"/>.</summary>
internal abstract class NetKernel<T>(int inputs, int outputs) : IDisposable where T : struct, ILanes<T>
{
    internal int Inputs => inputs;

    internal int Outputs => outputs;

    /// <summary>Floats a row that a forward pass keeps for <see cref="Backward"/> beside the net's inputs.</summary>
    internal abstract int Kept { get; }

    /// <summary>Floats a row that <see cref="Backward"/> works in.</summary>
    internal abstract int Scratch { get; }

    /// <summary>Reads the weights.</summary>
    internal abstract void Prepare(Floats parameters);

    /// <summary>Units of every hidden layer.</summary>
    internal virtual int Hidden => 0;

    /// <summary>From the inputs <c>[block][inputs][32]</c> to the outputs <c>[block][outputs][32]</c>.</summary>
    internal void Forward(int blocks, Floats input, Floats kept, Floats output) =>
        Forward(blocks, new Units(0, Hidden), new Units(0, Outputs), input, kept, output);

    /// <summary>Some units of every hidden layer and some outputs; what they see must be there already.</summary>
    internal abstract void Forward(int blocks, Units hidden, Units outputs, Floats input, Floats kept, Floats output);

    /// <summary>From the derivative in the outputs to that in some inputs; adds to the sums of the weights' gradients.</summary>
    internal abstract void Backward(int blocks, Floats input, Floats kept, Floats outputGradient, Units inputs, Floats inputGradient, Floats scratch);

    /// <summary>Writes the summed gradients to their places in the flat gradient, and begins anew.</summary>
    internal abstract void Collect(Floats gradient);

    public abstract void Dispose();
}
