using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>A version's weights in memory, on the silo that was asked. Key: <c>name@version</c>.</summary>
[Alias("flowgrain.serving.IModelReplicaGrain")]
public interface IModelReplicaGrain : IGrainWithStringKey
{
    /// <summary>Log-densities of rows in the units of the data; a row's answer does not depend on its neighbours.</summary>
    /// <param name="rows">Row-major <c>[B, D + C]</c>: the modelled columns, then the context.</param>
    /// <param name="latent">Whether to return <c>z</c> too.</param>
    /// <param name="cancellation">Drops the request before it is computed.</param>
    /// <exception cref="BadInputException">No such model, or the width is wrong.</exception>
    [Alias("LogDensity")]
    Task<Densities> LogDensity(Block<double> rows, bool latent, CancellationToken cancellation = default);

    /// <summary>Draws rows; draw <c>i</c> depends on the seed and <c>i</c> alone.</summary>
    /// <exception cref="BadInputException">No such model, or the context has the wrong width.</exception>
    [Alias("Sample")]
    Task<Block<double>> Sample(SampleRequest request, CancellationToken cancellation = default);

    /// <summary>Two coordinates of draws as each layer of the flow has them, from the base to the data: a picture of what the layers do.</summary>
    /// <param name="request">Which draws, at most <see cref="PushedLayer.MostRows"/>.</param>
    /// <param name="x">The first coordinate, from 0, in the order of the modelled columns.</param>
    /// <param name="y">The second.</param>
    /// <param name="cancellation">Drops the request before it is computed, and between two layers.</param>
    /// <exception cref="BadInputException">No such model, too many rows, or a coordinate that it does not have.</exception>
    /// <exception cref="OverloadedException">There is no room for it beside the draws that wait.</exception>
    [Alias("Layers")]
    Task<ImmutableArray<PushedLayer>> Layers(SampleRequest request, int x, int y, CancellationToken cancellation = default);
}

/// <summary>Draws on their way through a flow.</summary>
/// <param name="Name">The layer that they have come through; base before the first.</param>
/// <param name="Points"><c>[B, 2]</c>, a row a draw; the units of the data after the last layer.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.PushedLayer")]
public sealed record PushedLayer([property: Id(0)] string Name, [property: Id(1)] Block<float> Points)
{
    /// <summary>Most rows of a call.</summary>
    public const int MostRows = 10_000;
}

/// <summary>Answers of <see cref="IModelReplicaGrain.LogDensity"/>.</summary>
/// <param name="LogDensity"><c>[B]</c>, nats.</param>
/// <param name="Latent"><c>[B, D]</c> row-major when asked for, else null.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.Densities")]
public sealed record Densities([property: Id(0)] Block<float> LogDensity, [property: Id(1)] Block<float>? Latent);

/// <summary>Which draws to make.</summary>
/// <param name="First">Index of the first draw.</param>
/// <param name="Rows">How many, at most 65,536 a call.</param>
/// <param name="Seed">Seed of the draws.</param>
/// <param name="Context"><c>[C]</c> values to condition every draw on, units of the data; empty without context.</param>
[GenerateSerializer, Immutable, Alias("flowgrain.serving.SampleRequest")]
public sealed record SampleRequest(
    [property: Id(0)] long First,
    [property: Id(1)] int Rows,
    [property: Id(2)] long Seed,
    [property: Id(3)] Block<double> Context)
{
    /// <summary>Most rows of a call.</summary>
    public const int MostRows = 65_536;
}
