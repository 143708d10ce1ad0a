using System.Collections.Immutable;
using FlowGrain.Client;
using FlowGrain.Training;

namespace FlowGrain.Cli.Commands;

/// <summary>A run that exists.</summary>
internal static class KnownRun
{
    private const int MostNames = 10; // of more, nobody reads the list

    /// <summary>Its versions, newest first.</summary>
    /// <exception cref="BadInputException">There is no such run.</exception>
    internal static async Task<ImmutableArray<RunListing>> Versions(Invocation cli, ICluster cluster, string run, CancellationToken cancellation)
    {
        var listed = await cluster.Runs(cancellation);
        ImmutableArray<RunListing> versions = [.. listed.Where(listing => listing.Run == run).OrderByDescending(listing => listing.Version)];
        return versions.IsEmpty ? throw Unknown(cli, run, [.. listed.Select(listing => listing.Run).Distinct()]) : versions;
    }

    /// <summary>One of them: the version that is named, or the newest.</summary>
    /// <exception cref="BadInputException">There is no such run, or it has no such version.</exception>
    internal static async Task<(RunListing Version, bool IsNewest)> Version(Invocation cli, ICluster cluster, ModelReference run, CancellationToken cancellation)
    {
        var versions = await Versions(cli, cluster, run.Name, cancellation);
        var version = versions.FirstOrDefault(listing => run.Version is null || listing.Version == run.Version) ?? throw new BadInputException(
            $"Run '{run.Name}' has no version {run.Version}; it has {string.Join(", ", versions.Select(listing => listing.Version).Order())}.");
        return (version, version == versions[0]);
    }

    private static BadInputException Unknown(Invocation cli, string run, string[] names) =>
        new($"There is no run '{run}'{Nearest.Hint(run, names, names.Length == 0 ? $"; there are none yet {cli.Place}." : $"; there are {string.Join(", ", names.Take(MostNames))}.")}");
}
