using System.Diagnostics;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <inheritdoc cref="IWorkerGrain" />
[OnNamedSilo]
internal sealed class WorkerGrain(DeviceSlots slots, EngineFactory engines, TrainingDataSource data, SiloRuns runs, IHostApplicationLifetime host, TimeProvider clock, ILogger<WorkerGrain> logger) : Grain, IWorkerGrain
{
    private const int InFlight = 2; // one shard computes while the one before is submitted and the next is leased
    private static readonly TimeSpan Beats = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly HashSet<LeaseId> _held = [];
    private WorkerAssignment? _assignment;
    private CancellationTokenSource _over = new();
    private SiloRun? _silo;
    private Task _work = Task.CompletedTask;
    private WorkerKey? _key;

    private string Run => WorkerKey.Parse(Worker).Run;

    private string Worker => field ??= this.GetPrimaryKeyString(); // one string: a sum of many of its shards then writes the name once

    private WorkerKey Key => _key ??= WorkerKey.Parse(Worker);

    /// <summary>Its silo ends: what is in hand has a moment to be handed in, the rest is leased to others.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_assignment is { } assignment) Leave(assignment);
        await Task.WhenAny(_work, Task.Delay(Moment, clock, cancellationToken));
    }

    public async Task Begin(WorkerAssignment assignment)
    {
        if (_assignment is { } before && before.Epoch.Number >= assignment.Epoch.Number) return;
        var over = _over;
        (_assignment, _over) = (assignment, new CancellationTokenSource()); // first: what is cancelled looks whether it was told to end
        await over.CancelAsync();
        await _work;
        _work = Work(assignment, _over.Token);
        DelayDeactivation(Timeout.InfiniteTimeSpan); // the run ends it
    }

    public async Task Flush(Epoch epoch, long round)
    {
        if (_assignment?.Epoch == epoch && _silo is { } silo) await silo.Flush(round, atOnce: true);
    }

    public async Task End(Epoch epoch)
    {
        if (_assignment is { } assignment)
        {
            if (assignment.Epoch != epoch) return;
            Leave(assignment);
        }

        // A silo that ends does not wait for it: the ranges may be gone, and what is in hand has its moment when it is deactivated.
        await _work.WaitAsync(host.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        DeactivateOnIdle();
    }

    /// <summary>Works until the assignment ends. Whatever goes wrong is told the run with a sentence, and never ends this task.</summary>
    private Task Work(WorkerAssignment assignment, CancellationToken over) => Guarded(assignment, async () =>
    {
        Spans.Detach();
        JobTraces.Begin(Run, assignment.TraceParent);
        var slot = slots[Key.Slot];
        using var computer = await slot.Run(() => Computer(assignment));
        using var membership = runs.Join(assignment);
        _silo = membership.Run;
        await Task.WhenAll(
            [Guarded(assignment, () => Beat(assignment, over)), .. Enumerable.Range(0, InFlight).Select(_ => Guarded(assignment, () => Lane(assignment, slot, computer, membership.Run, over)))]);
    });

    private ShardComputer Computer(WorkerAssignment assignment)
    {
        var spec = FlowSpecJson.Read(assignment.FlowJson.Span);
        if (spec.Hash() != assignment.SpecHash)
            throw new BadInputException("Its version of FlowGrain reads another flow from the run's flow.json; upgrade it to the version that began the run.");
        return new ShardComputer(spec, engines(spec), data.Get(assignment.Data), assignment.Noise, assignment.Inner);
    }

    private async Task Guarded(WorkerAssignment assignment, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (!ReferenceEquals(_assignment, assignment))
        {
            // It was told to end.
        }
        catch (Exception gone) when (gone is StaleEpochException or RangeLostException or ClusterUnreachableException)
        {
            logger.WorkerEnded(Run, Worker, gone.Message); // the run goes on under another epoch and assigns its workers anew, or begins this one again when it reaches it
            Leave(assignment);
        }
        catch (Exception error)
        {
            logger.WorkerFailed(error, Run, Worker);
            Leave(assignment);
            await Report(assignment, error);
        }
    }

    private void Leave(WorkerAssignment assignment)
    {
        if (!ReferenceEquals(_assignment, assignment)) return;
        _assignment = null;
        _over.Cancel();
        DelayDeactivation(Moment);
    }

    private async Task Report(WorkerAssignment assignment, Exception error)
    {
        try
        {
            await Repeated.Call(() => Leases(assignment).ReportFailure(assignment.Epoch, Worker, error.Message), clock);
        }
        catch (Exception unheard) // nobody is left to be told: the run has ended, or its silo has
        {
            logger.FailureUnheard(unheard, Run, Worker);
        }
    }

    private async Task Beat(WorkerAssignment assignment, CancellationToken over)
    {
        using var timer = new PeriodicTimer(Beats, clock);
        do await Repeated.Call(() => Leases(assignment).Beat(assignment.Epoch, Worker, [.. _held]), clock, over);
        while (await timer.WaitForNextTickAsync(over));
    }

    /// <summary>Leases, computes and hands in, until the run says otherwise.</summary>
    private async Task Lane(WorkerAssignment assignment, DeviceSlot slot, ShardComputer computer, SiloRun silo, CancellationToken over)
    {
        var leases = Leases(assignment);
        var sums = new float[computer.SumsLength];
        LeaseReport? finished = null;
        while (!over.IsCancellationRequested)
        {
            var lease = await Repeated.Call(() => leases.Lease(assignment.Epoch, Worker, finished).WaitAsync(over), clock, over);
            finished = lease is null ? null : await Compute(assignment, slot, computer, silo, lease, sums);
        }
    }

    private async Task<LeaseReport?> Compute(WorkerAssignment assignment, DeviceSlot slot, ShardComputer computer, SiloRun silo, ShardLease lease, float[] sums)
    {
        var started = clock.GetTimestamp();
        _held.Add(lease.Id);
        try
        {
            var hash = lease.Work switch
            {
                ShardWork.Gradient => await Gradient(slot, computer, silo, lease, sums),
                ShardWork.Arbitrate => await Arbitrate(slot, computer, silo, lease, sums),
                _ => await Evaluate(assignment, slot, computer, silo, lease),
            };
            return new LeaseReport(lease.Work, lease.Round, lease.Shard, clock.GetElapsedTime(started).TotalSeconds, hash);
        }
        catch (StaleEpochException)
        {
            return null; // the round was over before this straggler began; if the epoch is over too, the next lease says so
        }
        finally
        {
            _held.Remove(lease.Id);
        }
    }

    private async Task<ulong> Gradient(DeviceSlot slot, ShardComputer computer, SiloRun silo, ShardLease lease, float[] sums)
    {
        silo.Expect(lease);
        try
        {
            var weights = await silo.Weights(lease, WeightKind.Current);
            var span = await slot.Run(() => Gradient(computer, silo, lease, weights, sums));
            await silo.Flush(lease.Round, span);
            return 0;
        }
        catch
        {
            await silo.Flush(lease.Round, atOnce: true); // what others have summed here waits for it no more
            throw;
        }
    }

    /// <summary>On the slot's thread. Returns the id of the span, for what becomes of the sums; null where the round is not traced.</summary>
    private string? Gradient(ShardComputer computer, SiloRun silo, ShardLease lease, float[] weights, float[] sums)
    {
        var started = clock.GetTimestamp();
        using var span = Spans.StartUnder(lease.TraceParent, Spans.Compute)?.Of(Key.Run, lease.Round, Key.Silo).SetTag(Spans.SlotTag, Key.Slot).SetTag(Spans.ShardTag, lease.Shard);
        try
        {
            var totals = computer.Gradient(lease, weights, sums);
            silo.Add(lease, Worker, sums, totals);
        }
        catch (Exception error)
        {
            span?.SetStatus(ActivityStatusCode.Error, error.Message);
            throw;
        }

        Telemetry.ShardSeconds.Record(clock.GetElapsedTime(started).TotalSeconds);
        return span?.Id;
    }

    private async Task<ulong> Arbitrate(DeviceSlot slot, ShardComputer computer, SiloRun silo, ShardLease lease, float[] sums)
    {
        var weights = await silo.Weights(lease, WeightKind.Current);
        return await slot.Run(() =>
        {
            computer.Gradient(lease, weights, sums);
            return SiloRun.Hash(sums);
        });
    }

    private async Task<ulong> Evaluate(WorkerAssignment assignment, DeviceSlot slot, ShardComputer computer, SiloRun silo, ShardLease lease)
    {
        var kind = Evaluation.KindOf(lease.Work);
        var weights = await silo.Weights(lease, kind);
        var sums = await slot.Run(() => computer.Evaluate(lease, kind, weights));
        await Repeated.Call(() => Leases(assignment).ReportEvaluation(assignment.Epoch, lease, sums), clock);
        return 0;
    }

    private IShardLeases Leases(WorkerAssignment assignment) => GrainFactory.GetGrain<IShardLeases>(assignment.Run);
}
