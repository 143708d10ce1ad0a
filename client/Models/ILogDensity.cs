namespace FlowGrain.Client;

/// <summary>Log-densities of rows under a model.</summary>
/// <remarks>
/// <para>Rows are row-major <c>[B, D + C]</c> float64 in the units of the data: the D modelled columns in the model's order, then the C columns of its context.
/// A category is the index of its level. Log-densities are float32, nats per row in the same units; −∞ or NaN is an answer too, of a row that lies too far out or lacks a value.</para>
/// <para>A row's answer is the same, bit for bit, whatever rows come with it, however they are cut into calls, over HTTP and over Orleans.</para>
/// <para>Calls are repeated while no silo answers or the model is busy, until <see cref="FlowGrainClientOptions.Patience"/> is over.</para>
/// </remarks>
public interface ILogDensity
{
    /// <summary>Scores rows.</summary>
    /// <param name="rows"><c>[B, D + C]</c>; unchanged until the answer is there. Many rows go in several calls, one after another, all to the version that answered the first.</param>
    /// <param name="latent">Whether the latents are wanted too.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <exception cref="BadInputException">The rows are not whole, there is no such model or version (<see cref="NotFoundException"/>), or the key may not.</exception>
    /// <exception cref="Serving.OverloadedException">The model was busy until the patience was over.</exception>
    /// <exception cref="Serving.UnavailableException">The model was unloaded or is damaged; it is not asked again.</exception>
    /// <exception cref="Serving.ExpiredException">The silo dropped the request because it had waited too long; it is not repeated.</exception>
    /// <exception cref="ClusterUnreachableException">No silo answered until the patience was over.</exception>
    Task<Scores> Score(ReadOnlyMemory<double> rows, bool latent = false, CancellationToken cancellation = default);

    /// <summary>Scores blocks of rows as they come: an answer for each block, in their order.</summary>
    /// <remarks>
    /// At most <see cref="FlowGrainClientOptions.Concurrency"/> blocks are on their way, and one more is read; who takes answers slowly slows the reading down, so memory is bounded.
    /// All blocks are answered by one version, that which answered the first. The first fault ends the answers.
    /// </remarks>
    /// <param name="blocks">Blocks of <c>[B, D + C]</c>, of any sizes; each unchanged until its answer is there.</param>
    /// <param name="latent">Whether the latents are wanted too.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <inheritdoc cref="Score" path="/exception"/>
    IAsyncEnumerable<Scores> ScoreBlocks(IAsyncEnumerable<ReadOnlyMemory<double>> blocks, bool latent = false, CancellationToken cancellation = default);
}

/// <summary>What a model says of rows.</summary>
/// <param name="Version">The version that answered.</param>
/// <param name="LogDensity"><c>[B]</c>, nats.</param>
/// <param name="Latent"><c>[B, K]</c> row-major, the rows as the flow sees them, standard normal where the model fits; null where they were not asked for. K is D unless the model has categories or lacks values.</param>
public sealed record Scores(int Version, float[] LogDensity, float[]? Latent);
