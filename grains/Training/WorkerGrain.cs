using FlowGrain.Cluster;
using FlowGrain.Flows;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <inheritdoc cref="IWorkerGrain" />
internal sealed class WorkerGrain(DeviceSlots slots, EngineFactory engines, TrainingDataSource data, TimeProvider clock, ILogger<WorkerGrain> logger) : Grain, IWorkerGrain
{
    private const int InFlight = 2; // one shard computes while the one before is submitted and the next is leased

    private WorkerAssignment? _assignment;
    private Task _work = Task.CompletedTask;

    private string Worker => this.GetPrimaryKeyString();

    public async Task Begin(WorkerAssignment assignment)
    {
        if (_assignment is { } before && before.Epoch.Number >= assignment.Epoch.Number) return;
        _assignment = assignment;
        await _work;
        _work = Work(assignment);
        DelayDeactivation(Timeout.InfiniteTimeSpan); // the run ends it
    }

    public async Task End(Epoch epoch)
    {
        if (_assignment?.Epoch != epoch) return;
        _assignment = null;
        await _work;
        DeactivateOnIdle();
    }

    /// <summary>Works until the assignment ends. Whatever goes wrong ends the run with a sentence, never this task.</summary>
    private Task Work(WorkerAssignment assignment) => Guarded(assignment, async () =>
    {
        var slot = slots[assignment.Slot];
        using var computer = await slot.Run(() => Computer(assignment));
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => Guarded(assignment, () => Lane(assignment, slot, computer))));
    });

    private ShardComputer Computer(WorkerAssignment assignment)
    {
        var spec = FlowSpecJson.Read(assignment.FlowJson.Span);
        return new ShardComputer(spec, engines(spec), data.Get(assignment.Data), assignment.Noise);
    }

    private async Task Guarded(WorkerAssignment assignment, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StaleEpochException stale)
        {
            logger.WorkerEnded(Worker, stale.Message);
        }
        catch (Exception error)
        {
            logger.WorkerFailed(error, Worker);
            await Report(assignment, error.Message);
        }
    }

    private async Task Report(WorkerAssignment assignment, string sentence)
    {
        try
        {
            await Leases(assignment).ReportFailure(assignment.Epoch, Worker, sentence);
        }
        catch (Exception error) // nobody is left to be told: the run has ended, or its silo has
        {
            logger.FailureUnheard(error, Worker);
        }
    }

    /// <summary>Leases, computes and hands in, until the run says otherwise.</summary>
    private async Task Lane(WorkerAssignment assignment, DeviceSlot slot, ShardComputer computer)
    {
        var leases = Leases(assignment);
        var sums = new float[computer.ParameterCount];
        while (ReferenceEquals(_assignment, assignment))
        {
            if (await leases.Lease(assignment.Epoch, Worker) is not { } lease) continue;
            if (lease.Work == ShardWork.Gradient) await Gradient(assignment.Run, assignment.Epoch, slot, computer, lease, sums);
            else await Evaluate(assignment.Run, assignment.Epoch, leases, slot, computer, lease);
        }
    }

    private async Task Gradient(string run, Epoch epoch, DeviceSlot slot, ShardComputer computer, ShardLease lease, float[] sums)
    {
        var weights = await Weights(run, epoch, lease, WeightKind.Current);
        using var compute = Telemetry.StartUnder(lease.TraceParent, "flowgrain.shard.compute");
        var started = clock.GetTimestamp();
        var loss = await slot.Run(() => computer.Gradient(lease, weights, sums));
        Telemetry.ShardSeconds.Record(clock.GetElapsedTime(started).TotalSeconds);
        using var submit = Telemetry.StartUnder(compute?.Id, "flowgrain.shard.submit");
        await Task.WhenAll(lease.Ranges.Select((range, index) => Submit(index, range)));

        async Task Submit(int index, ParameterRange range)
        {
            var block = new Block<float>(sums.AsMemory(range.Offset, range.Length));
            Telemetry.CommunicatedBytes.Add(block.Length * sizeof(float));
            var reply = await Aggregator(run, index).Submit(new ShardGradient(epoch, lease.Round, lease.Shard, Worker, block, loss, lease.Rows, submit?.Id));
            if (reply == SubmitReply.Mismatch)
                throw new InvalidOperationException($"Worker '{Worker}' computed other bits than another worker for shard {lease.Shard} of round {lease.Round}; one of their machines is faulty.");
        }
    }

    private async Task Evaluate(string run, Epoch epoch, IShardLeases leases, DeviceSlot slot, ShardComputer computer, ShardLease lease)
    {
        var kind = lease.Work == ShardWork.ValidateAverage ? WeightKind.Average : WeightKind.Best;
        var weights = await Weights(run, epoch, lease, kind);
        await leases.ReportEvaluation(epoch, lease, await slot.Run(() => computer.Evaluate(lease, kind, weights)));
    }

    private Task<Block<float>[]> Weights(string run, Epoch epoch, ShardLease lease, WeightKind kind) =>
        Task.WhenAll(lease.Ranges.Select((_, index) => Aggregator(run, index).Weights(epoch, lease.Round, kind)));

    private IShardLeases Leases(WorkerAssignment assignment) => GrainFactory.GetGrain<IShardLeases>(assignment.Run);

    private IAggregatorGrain Aggregator(string run, int range) => GrainFactory.GetGrain<IAggregatorGrain>($"{run}/{range}");
}
