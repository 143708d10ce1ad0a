using System.Collections.Immutable;

namespace FlowGrain.Serving;

/// <summary>The models in memory of one silo, asked on that silo itself. Key: host/address, the address as Orleans writes it to be parsed.</summary>
[Alias("flowgrain.serving.IModelHostGrain")]
public interface IModelHostGrain : IGrainWithStringKey
{
    /// <summary>Loads a version, tests it, and has every slot ready to compute with it. Repeating it is cheap.</summary>
    /// <exception cref="BadInputException">There is no such version, it is damaged, or it fails its self-test.</exception>
    [Alias("Prepare"), ResponseTimeout(LongCall.Repeatable)]
    Task Prepare(string model, int version, CancellationToken cancellation = default);

    /// <summary>Hears that the registry has changed: the next request for the model finds what there is now.</summary>
    [Alias("Look")]
    Task Look(string model);

    /// <summary>What this silo has answered since it started.</summary>
    [Alias("Loads")]
    Task<ImmutableArray<ModelLoad>> Loads();
}
