using System.Collections.Immutable;
using FlowGrain.Cluster;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <inheritdoc cref="IRunLogGrain" />
internal sealed class RunLogGrain(IOptions<StorageOptions> storage) : Grain, IRunLogGrain
{
    public Task<ImmutableArray<RunLogLine>> Read(ImmutableDictionary<string, long> read)
    {
        var folder = new RunLogFolder(storage.Value, RunName.Require(this.GetPrimaryKeyString()));
        return Task.Run(() => folder.Read(read));
    }
}
