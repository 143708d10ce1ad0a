using FlowGrain.Serving;

namespace FlowGrain.Client;

/// <summary>The models of a cluster. Safe for any number of threads; see <see cref="FlowGrainClientHosting"/> for how to come by it.</summary>
public interface IFlowGrainClient
{
    /// <summary>A model by name. Nothing is asked yet.</summary>
    /// <param name="name">
    /// <c>NAME</c> for the version that answers where none is named: the champion, or the newest where there is none, and over HTTP now and then
    /// another one where traffic is divided; <c>NAME@ALIAS</c> for the version that an alias names at each call; <c>NAME@3</c> for one that never changes.
    /// </param>
    /// <exception cref="BadInputException">The name is none of them.</exception>
    IFlowGrainModel Model(string name);
}

/// <summary>A model: its densities, its samples, and what it is.</summary>
public interface IFlowGrainModel : ILogDensity, ISampler
{
    /// <summary>How it is named.</summary>
    ModelReference Reference { get; }

    /// <summary>What the name means now: version, columns, context, levels of categories.</summary>
    /// <param name="cancellation">Ends it at once.</param>
    /// <exception cref="NotFoundException">There is no such model or version.</exception>
    /// <exception cref="ClusterUnreachableException">No silo answered until the patience was over.</exception>
    Task<ModelDescription> Describe(CancellationToken cancellation = default);
}
