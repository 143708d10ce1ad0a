using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>Single calls to models, whichever way they go. Each is repeated while it may come to an answer.</summary>
internal interface IModelCalls
{
    /// <summary>What a reference means now.</summary>
    Task<ModelDescription> Describe(ModelReference model, CancellationToken cancellation);

    /// <summary>Scores the rows of one call.</summary>
    /// <param name="model">Who is asked.</param>
    /// <param name="known">A description of it, for the widths of rows; it may be of another version.</param>
    /// <param name="rows"><c>[B, D + C]</c>, one row at least.</param>
    /// <param name="latent">Whether the latents are wanted too.</param>
    /// <param name="cancellation">Ends it.</param>
    Task<Scores> Score(ModelReference model, ModelDescription known, ReadOnlyMemory<double> rows, bool latent, CancellationToken cancellation);

    /// <summary>Makes the draws of one call.</summary>
    Task<double[]> Draw(ModelDescription model, SampleRequest request, CancellationToken cancellation);
}
