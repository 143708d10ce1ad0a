namespace FlowGrain.Client;

/// <summary>Draws of rows from a model.</summary>
/// <remarks>
/// Draw <c>i</c> depends on the version, the seed, the context and <c>i</c> alone, whichever way and in whichever blocks it is drawn.
/// Calls are repeated like those of <see cref="ILogDensity"/>, and fail like them.
/// </remarks>
public interface ISampler
{
    /// <summary>Draws rows.</summary>
    /// <param name="rows">How many, from 0 on.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="context"><c>[C]</c> values that every row is conditioned on, in the units of the data and the order of the model's context; empty without context.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <exception cref="BadInputException">The context has another width, there is no such model or version (<see cref="NotFoundException"/>), or the key may not.</exception>
    /// <exception cref="Serving.OverloadedException">The model was busy until the patience was over.</exception>
    /// <exception cref="Serving.UnavailableException">The model was unloaded or is damaged; it is not asked again.</exception>
    /// <exception cref="ClusterUnreachableException">No silo answered until the patience was over.</exception>
    Task<Samples> Sample(int rows, long seed, ReadOnlyMemory<double> context = default, CancellationToken cancellation = default);

    /// <summary>Draws any number of rows, block by block in order, by the version that the model's name means when it begins.</summary>
    /// <remarks>At most <see cref="FlowGrainClientOptions.Concurrency"/> blocks are on their way; who takes them slowly slows the drawing down, so memory is bounded.</remarks>
    /// <inheritdoc cref="Sample"/>
    IAsyncEnumerable<Samples> SampleBlocks(long rows, long seed, ReadOnlyMemory<double> context = default, CancellationToken cancellation = default);
}

/// <summary>Rows that were drawn.</summary>
/// <param name="Version">The version that drew them.</param>
/// <param name="First">Index of the first draw.</param>
/// <param name="Columns">D, the numbers of a row: the modelled columns in the model's order.</param>
/// <param name="Values"><c>[B, D]</c> row-major, units of the data.</param>
public sealed record Samples(int Version, long First, int Columns, double[] Values)
{
    /// <summary>How many rows.</summary>
    public int Rows => Values.Length / Columns;

    /// <summary>A row.</summary>
    /// <param name="row">Its index here, from 0.</param>
    public ReadOnlySpan<double> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
