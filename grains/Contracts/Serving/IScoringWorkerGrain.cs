using Orleans.Concurrency;

namespace FlowGrain.Serving;

/// <summary>Computes rows of bulk jobs on one silo, which reads no file for it. Key: <c>name@version/silo</c>, the silo's address as Orleans writes it to be parsed.</summary>
[Alias("flowgrain.serving.IScoringWorkerGrain")]
public interface IScoringWorkerGrain : IGrainWithStringKey
{
    /// <summary>Log-densities of rows; see <see cref="IModelReplicaGrain.LogDensity"/>.</summary>
    /// <param name="rows">Row-major <c>[B, D + C]</c>: the modelled columns, then the context.</param>
    /// <param name="latent">Whether to return <c>z</c> too.</param>
    /// <param name="cancellation">Drops the request before it is computed.</param>
    /// <exception cref="BadInputException">No such model, or the width is wrong.</exception>
    [Alias("LogDensity"), AlwaysInterleave]
    Task<Densities> LogDensity(Block<double> rows, bool latent, CancellationToken cancellation = default);
}
