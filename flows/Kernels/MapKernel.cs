namespace FlowGrain.Flows.Kernels;

/// <summary>A monotone map of one column of one block with its derivative; see <see cref="ScalarMaps.ScalarMapSpec"/>.</summary>
/// <remarks>Every pointer is to columns of 32 rows: P parameters, one value, <see cref="Kept"/> marks.</remarks>
internal abstract unsafe class MapKernel<T> where T : struct, ILanes<T>
{
    /// <summary>Parameters a column, P.</summary>
    internal abstract int Parameters { get; }

    /// <summary>Floats a value that <see cref="Normalize"/> keeps for <see cref="Backward"/> beside the parameters, which it may overwrite.</summary>
    internal virtual int Kept => 0;

    /// <summary>Data to base; adds to the log-determinants.</summary>
    internal abstract void Normalize(float* parameters, float* x, float* z, float* logDet, float* kept);

    /// <summary>From the loss's derivative in z to those in x and in the parameters, in whose place they are written.</summary>
    internal abstract void Backward(float* parameters, float* x, float* zGradient, float* weight, float* xGradient, float* kept);

    /// <summary>Base to data.</summary>
    internal abstract void Generate(float* parameters, float* z, float* x, float* kept);
}
