using System.Runtime.CompilerServices;
using FlowGrain.Cluster;
using FlowGrain.Flows.Engines;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Serving;

/// <summary>The other silos, as helpers of a bulk job on this one.</summary>
internal sealed class ScoringSilos(IClusterMembershipService membership, ILocalSiloDetails self, LeavingSilos leaving, IGrainFactory grains, ILogger<ScoringSilos> logger)
{
    /// <summary>Every other silo that computes the model to the same bits, as it comes. Ends when it is cancelled.</summary>
    internal async IAsyncEnumerable<SiloDescription> For(StoredModel model, [EnumeratorCancellation] CancellationToken over)
    {
        var known = new HashSet<string>();
        await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(over))
        {
            foreach (var silo in Active(snapshot).Where(known.Add))
            {
                if (await Describe(silo, over) is { } description && description.DeviceClasses.Contains(FlowEngines.DeviceClassOf(model.Flow))) yield return description;
            }
        }
    }

    /// <summary>Computes rows of a model on a silo.</summary>
    internal Task<Densities> LogDensity(StoredModel model, string silo, Block<double> rows, bool latent, CancellationToken cancellation) =>
        grains.GetGrain<IScoringWorkerGrain>($"{new ModelKey(model.Name, model.Version)}/{silo}").LogDensity(rows, latent, cancellation);

    /// <summary>Notes that a silo does not answer any more.</summary>
    internal void Lost(string silo, StoredModel model, Exception error) => logger.ScoringSiloLost(error, silo, model.Name);

    /// <summary>Notes that nobody hears any more of silos that come.</summary>
    internal void NotFollowed(StoredModel model, Exception error) => logger.ScoringSilosNotFollowed(error, model.Name);

    private IEnumerable<string> Active(ClusterMembershipSnapshot snapshot) => snapshot.Members.Values
        .Where(silo => silo.Status == SiloStatus.Active && !silo.SiloAddress.Equals(self.SiloAddress))
        .Select(silo => silo.SiloAddress.ToParsableString())
        .Where(silo => !leaving.Contains(silo));

    private async Task<SiloDescription?> Describe(string silo, CancellationToken over)
    {
        try
        {
            return await grains.GetGrain<ISiloGrain>($"silo/{silo}").Describe().WaitAsync(over);
        }
        catch (Exception error) when (Repeated.IsTransient(error))
        {
            return null; // it died meanwhile
        }
    }
}
