namespace FlowGrain.Flows.Kernels;

/// <summary>
/// One transform of a flow on tiles, with its derivative. For a tile <see cref="Normalize"/> comes first, then
/// <see cref="Backward"/> with the same memory; sums over rows stay inside until <see cref="Collect"/>.
/// </summary>
/// <remarks>
/// Values are <c>[block][D][32]</c>. The loss is <c>Σ −log p</c>, so every log-determinant has the derivative −weight of its row.
/// </remarks>
internal abstract class Kernel<T> : IDisposable where T : struct, ILanes<T>
{
    /// <summary>Floats a row that both directions keep for the way back.</summary>
    internal abstract int Kept { get; }

    /// <summary>Floats a row that <see cref="Backward"/> works in.</summary>
    internal virtual int Scratch => 0;

    /// <summary>Reads the weights; comes before all else once they have changed.</summary>
    internal virtual void Prepare(Floats parameters)
    {
    }

    /// <summary>Data to base; adds to the tile's log-determinants.</summary>
    internal abstract void Normalize(in Tile tile, Floats x, Floats z, Floats kept);

    /// <summary>From the loss's derivative in z to that in x; adds to the sums of the parameters' gradients.</summary>
    internal abstract void Backward(in Tile tile, Floats x, Floats z, Floats zGradient, Floats xGradient, Floats kept);

    /// <summary>Base to data; adds to the tile's log-determinants.</summary>
    internal abstract void Generate(in Tile tile, Floats z, Floats x, Floats kept);

    /// <summary>Writes the summed gradients of all rows to their places in the flat gradient, and begins anew.</summary>
    /// <param name="gradient">The flat gradient.</param>
    /// <param name="weight">The sum of the rows' weights: how many they are, where each counts once.</param>
    internal virtual void Collect(Floats gradient, float weight)
    {
    }

    public virtual void Dispose()
    {
    }
}
