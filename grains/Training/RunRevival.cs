using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>Whether runs that the journal has as training go on by themselves.</summary>
/// <param name="ByItself">In a silo process yes; inside the command line no, there its user starts them.</param>
internal sealed record GoingOn(bool ByItself);

/// <summary>
/// Wakes the runs that should be training: when this silo starts, whenever one comes or goes, and once a minute for those that
/// could not go on then. Whichever silo has a run's grain then goes on with it from its last commit; for a run that trains
/// already the call does nothing.
/// </summary>
internal sealed class RunRevival(IRunJournal journal, IGrainFactory grains, IClusterMembershipService membership, TimeProvider clock, ILogger<RunRevival> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5); // after a failure
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1); // what Redis or a disk that was away has kept from going on

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Always(AtChanges, stoppingToken), Always(AtTimes, stoppingToken));

    private async Task Always(Func<CancellationToken, Task> look, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await look(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.NotRevived(error);
                await Task.WhenAny(Task.Delay(Pause, clock, stopping));
            }
        }
    }

    private async Task AtChanges(CancellationToken stopping)
    {
        await foreach (var _ in membership.MembershipUpdates.WithCancellation(stopping)) await Revive(stopping);
    }

    private async Task AtTimes(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stopping)) await Revive(stopping);
    }

    private async Task Revive(CancellationToken cancellation)
    {
        var newest = (await journal.All()).GroupBy(entry => entry.Run).Select(run => run.MaxBy(entry => entry.Version)!);
        var underWay = newest.Where(entry => entry.IsUnderWay);
        foreach (var entry in underWay) _ = Wake(entry.Run, cancellation);
    }

    /// <summary>Beside the others: one that reads its data for long keeps none of them waiting, and answers at once when it is asked again meanwhile.</summary>
    private async Task Wake(string run, CancellationToken cancellation)
    {
        try
        {
            await Repeated.Call(() => grains.GetGrain<IRunGrain>(run).GoOn().WaitAsync(cancellation), clock, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // This silo ends.
        }
        catch (Exception error)
        {
            logger.NotRevived(error);
        }
    }
}
