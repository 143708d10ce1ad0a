using FlowGrain.Cluster;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Serving;

/// <summary>The silos that serve: all of them, asked at the same time. One that dies meanwhile is not waited for; it looks for itself when it starts again.</summary>
internal sealed class ModelHosts(IClusterMembershipService membership, IGrainFactory grains, LeavingSilos leaving, TimeProvider clock, ILogger<ModelHosts> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1); // with a silo that does not hear of a change: it looks for itself every second

    /// <summary>Has every silo load a version, test it and make every slot ready.</summary>
    /// <exception cref="BadInputException">One of them cannot.</exception>
    internal Task Prepare(string model, int version, CancellationToken cancellation) => Everywhere(host => host.Prepare(model, version, cancellation), cancellation);

    /// <summary>Tells every silo that the registry has changed, whether or not the one who changed it still waits.</summary>
    internal async Task Look(string model)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            await Everywhere(host => host.Look(model), patience.Token);
        }
        catch (OperationCanceledException error) when (patience.IsCancellationRequested)
        {
            logger.ChangeNotHeard(error, model);
        }
    }

    private Task Everywhere(Func<IModelHostGrain, Task> call, CancellationToken cancellation) => Task.WhenAll(membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active)
        .Select(member => member.SiloAddress.ToParsableString())
        .Where(silo => !leaving.Contains(silo))
        .Select(silo => Ask(silo, call, cancellation)));

    private async Task Ask(string silo, Func<IModelHostGrain, Task> call, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await call(grains.GetGrain<IModelHostGrain>($"host/{silo}")).WaitAsync(cancellation);
                return;
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested && Repeated.IsTransient(error))
            {
                if (!IsActive(silo))
                {
                    logger.HostLost(error, silo);
                    return;
                }
            }

            await Task.Delay(Pause, clock, cancellation); // an answer was lost, or it is not known yet that the silo died
        }
    }

    private bool IsActive(string silo) => membership.CurrentSnapshot.Members.Values.Any(member => member.Status == SiloStatus.Active && member.SiloAddress.ToParsableString() == silo);
}
