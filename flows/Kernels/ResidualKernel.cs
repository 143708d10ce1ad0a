using System.Collections.Immutable;

namespace FlowGrain.Flows.Kernels;

/// <summary>A residual net, <c>h ← h + W₁ relu(W₀ relu(h))</c> between two linear layers; see <see cref="Conditioners.ResidualNet"/>.</summary>
/// <remarks>
/// Kept: the last h, and of every block <c>a = relu(h)</c> and <c>b = relu(W₀ a)</c>. Backward, from the last block to the first,
/// with dh from above: <c>dW₁ = Σ dh bᵀ</c>, <c>db = W₁ᵀ dh</c> where b &gt; 0, <c>dW₀ = Σ db aᵀ</c>, and
/// <c>dh ← dh + (W₀ᵀ db where a &gt; 0)</c>.
/// </remarks>
internal sealed class ResidualKernel<T>(Dense<T> first, ImmutableArray<ResidualBlock<T>> residuals, Dense<T> last)
    : NetKernel<T>(first.Inputs, last.Outputs)
    where T : struct, ILanes<T>
{
    private readonly ImmutableArray<Dense<T>> _layers = [first, .. residuals.SelectMany(block => new[] { block.Inner, block.Outer }), last];
    private readonly int _transposed = Math.Max(first.Scratch, last.Scratch); // the layers between are as wide as the last

    internal override int Hidden { get; } = first.Outputs;

    internal override int Kept => (1 + 2 * residuals.Length) * Hidden;

    internal override int Scratch => 2 * Hidden + _transposed;

    internal override void Prepare(Floats parameters)
    {
        foreach (var layer in _layers) layer.Prepare(parameters);
    }

    internal override void Forward(int blocks, Units hidden, Units outputs, Floats input, Floats kept, Floats output)
    {
        var h = OfLayer(kept, blocks, 0);
        if (residuals.IsEmpty) first.Forward<Assign<T>>(blocks, hidden, input, h);
        else first.Forward<AssignAndRelu<T>>(blocks, hidden, input, h, Inner(kept, blocks, 0).From(h));
        for (var i = 0; i < residuals.Length; i++)
        {
            var (a, b) = (Inner(kept, blocks, i), Outer(kept, blocks, i));
            residuals[i].Inner.Forward<Relu<T>>(blocks, hidden, a, b);
            if (i == residuals.Length - 1) residuals[i].Outer.Forward<Add<T>>(blocks, hidden, b, h);
            else residuals[i].Outer.Forward<AddAndRelu<T>>(blocks, hidden, b, h, Inner(kept, blocks, i + 1).From(h));
        }

        last.Forward<Assign<T>>(blocks, outputs, h, output);
    }

    internal override void Backward(int blocks, Floats input, Floats kept, Floats outputGradient, Units inputs, Floats inputGradient, Floats scratch)
    {
        var regions = new Regions(scratch, blocks * Tile.BlockRows);
        var (dh, db) = (regions.Next(Hidden), regions.Next(Hidden));
        var transposed = regions.Next(_transposed);
        var all = new Units(0, Hidden);
        last.AddGradients(blocks, outputGradient, OfLayer(kept, blocks, 0), transposed);
        last.BackwardInput<Assign<T>>(blocks, all, outputGradient, dh);
        for (var i = residuals.Length - 1; i >= 0; i--)
        {
            var (a, b) = (Inner(kept, blocks, i), Outer(kept, blocks, i));
            residuals[i].Outer.AddGradients(blocks, dh, b, transposed);
            residuals[i].Outer.BackwardInput<WherePositive<T>>(blocks, all, dh, db, b.From(db));
            residuals[i].Inner.AddGradients(blocks, db, a, transposed);
            residuals[i].Inner.BackwardInput<AddWherePositive<T>>(blocks, all, db, dh, a.From(dh));
        }

        first.AddGradients(blocks, dh, input, transposed);
        first.BackwardInput<Assign<T>>(blocks, inputs, dh, inputGradient);
    }

    internal override void Collect(Floats gradient)
    {
        foreach (var layer in _layers) layer.Collect(gradient);
    }

    public override void Dispose()
    {
        foreach (var layer in _layers) layer.Dispose();
    }

    private Floats Inner(Floats kept, int blocks, int residual) => OfLayer(kept, blocks, 1 + 2 * residual);

    private Floats Outer(Floats kept, int blocks, int residual) => OfLayer(kept, blocks, 2 + 2 * residual);

    private Floats OfLayer(Floats kept, int blocks, int index)
    {
        var size = blocks * Tile.BlockRows * Hidden;
        return kept.Slice(index * size, size);
    }
}

/// <summary>The two layers of a residual block: <c>W₁ relu(W₀ ·)</c>.</summary>
internal readonly record struct ResidualBlock<T>(Dense<T> Inner, Dense<T> Outer) where T : struct, ILanes<T>;
