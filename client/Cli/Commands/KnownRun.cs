using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>A run that exists.</summary>
internal static class KnownRun
{
    /// <summary>Where it is now.</summary>
    /// <exception cref="BadInputException">There is no such run.</exception>
    internal static async Task<RunProgress> Require(ICluster cluster, string run, CancellationToken cancellation)
    {
        var listed = await cluster.Runs(cancellation);
        if (listed.Any(listing => listing.Run == run)) return await cluster.Progress(run, cancellation);
        var names = listed.Select(listing => listing.Run).ToArray();
        throw new BadInputException($"There is no run '{run}'{Nearest.Hint(run, names, names.Length == 0 ? "; there are none yet." : $"; there are {string.Join(", ", names.Take(10))}.")}");
    }
}
