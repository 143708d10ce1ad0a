using FlowGrain.Cluster;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Serving;

/// <summary>The silos that serve: all of them, asked at the same time. One that dies meanwhile is not waited for; it looks for itself when it starts again.</summary>
internal sealed class ModelHosts(IClusterMembershipService membership, IGrainFactory grains, LeavingSilos leaving, TimeProvider clock, ILogger<ModelHosts> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Has every silo load a version, test it and make every slot ready.</summary>
    /// <exception cref="BadInputException">One of them cannot.</exception>
    internal Task Prepare(string model, int version) => Everywhere(host => host.Prepare(model, version));

    /// <summary>Tells every silo that the registry has changed.</summary>
    internal Task Look(string model) => Everywhere(host => host.Look(model));

    private Task Everywhere(Func<IModelHostGrain, Task> call) => Task.WhenAll(membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active)
        .Select(member => member.SiloAddress.ToParsableString())
        .Where(silo => !leaving.Contains(silo))
        .Select(silo => Ask(silo, call)));

    private async Task Ask(string silo, Func<IModelHostGrain, Task> call)
    {
        while (true)
        {
            try
            {
                await call(grains.GetGrain<IModelHostGrain>($"host/{silo}"));
                return;
            }
            catch (Exception error) when (Repeated.IsTransient(error))
            {
                if (!IsActive(silo))
                {
                    logger.HostLost(error, silo);
                    return;
                }
            }

            await Task.Delay(Pause, clock); // an answer was lost, or it is not known yet that the silo died
        }
    }

    private bool IsActive(string silo) => membership.CurrentSnapshot.Members.Values.Any(member => member.Status == SiloStatus.Active && member.SiloAddress.ToParsableString() == silo);
}
