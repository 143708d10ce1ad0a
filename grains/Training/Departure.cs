using FlowGrain.Cluster;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>
/// What a silo does when it is asked to stop, before Orleans lets go of its grains: says so, gives its slots back, and has runs
/// take what they have here to other silos, each at its next round with everything durable.
/// </summary>
/// <remarks>What does not go in time is lost with the silo, and costs a run what a crash would.</remarks>
internal sealed class Departure(
    IGrainFactory grains, IClusterMembershipService membership, ILocalSiloDetails silo, LeavingSilos leaving, Residents residents, TimeProvider clock, ILogger<Departure> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan SayingSo = TimeSpan.FromSeconds(2); // one of the others may be dead and not yet known to be
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // of the 30 s that a host has to stop

    private string Here => silo.SiloAddress.ToParsableString();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before any service stops: the one that answers HTTP waits for the last byte of every upload, and leaves no time.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        leaving.Add(Here);
        await Within(SayingSo, cancellationToken, Others().Select(other => grains.GetGrain<ISiloGrain>($"silo/{other}").Leaves(Here)));
        await Within(Patience, cancellationToken, residents.Runs.Select(run => grains.GetGrain<IRunGrain>(run).Leave(Here)));
        await Within(SayingSo, cancellationToken, [grains.GetGrain<ISlotsGrain>(0).Leave(Here)]); // then: a round that ends has workers
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<string> Others() => membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(silo.SiloAddress))
        .Select(member => member.SiloAddress.ToParsableString());

    private async Task Within(TimeSpan time, CancellationToken cancellation, IEnumerable<Task> calls)
    {
        try
        {
            await Task.WhenAll(calls).WaitAsync(time, clock, cancellation);
        }
        catch (Exception error)
        {
            logger.NotLeft(error, Here);
        }
    }
}
