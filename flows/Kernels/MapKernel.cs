namespace FlowGrain.Flows.Kernels;

/// <summary>A monotone map of one column of one block with its derivative; see <see cref="ScalarMaps.ScalarMapSpec"/>.</summary>
/// <remarks>Every pointer is to columns of 32 rows: P parameters, one value, <see cref="Kept"/> marks.</remarks>
internal abstract unsafe class MapKernel<T> where T : struct, ILanes<T>
{
    /// <summary>Parameters a column, P.</summary>
    internal abstract int Parameters { get; }

    /// <summary>Floats a value that both directions keep alike for <see cref="Backward"/> beside the parameters, which they may overwrite.</summary>
    internal virtual int Kept => 0;

    /// <summary>Data to base; adds to the log-determinants.</summary>
    internal abstract void Normalize(float* parameters, float* x, float* z, float* logDet, float* kept);

    /// <summary>From the loss's derivative in z to those in x and in the parameters, in whose place they are written.</summary>
    internal abstract void Backward(float* parameters, float* x, float* zGradient, float* weight, float* xGradient, float* kept);

    /// <summary>Base to data; adds to the log-determinants.</summary>
    internal abstract void Generate(float* parameters, float* z, float* x, float* logDet, float* kept);

    /// <summary>
    /// The way back when z was given and x was found, with L = −log dz/dx: from the loss's derivative in x to that in z,
    /// <c>(dx + weight · ∂(log dz/dx)/∂x) / (dz/dx)</c>. <see cref="Backward"/> from it then gives the negated derivatives of the parameters.
    /// </summary>
    internal abstract void BackwardFound(float* parameters, float* x, float* xGradient, float* weight, float* zGradient, float* kept);
}
