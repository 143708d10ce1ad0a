using FlowGrain.Cluster;
using FlowGrain.Flows;

namespace FlowGrain.Training;

/// <inheritdoc cref="IAggregatorGrain" />
internal sealed class AggregatorGrain(DeviceSlots slots, TimeProvider clock) : Grain, IAggregatorGrain
{
    private AggregatorOpening? _opening;
    private RangeState? _state;
    private RangeSnapshot? _frozen;
    private RoundStep? _applied;
    private TaskCompletionSource<ReducedRound> _reduced = NewSignal();

    public async Task Open(AggregatorOpening opening)
    {
        if (_opening?.Epoch == opening.Epoch) return;
        if (_opening is { } before && before.Epoch.Number >= opening.Epoch.Number) throw Stale(opening.Epoch);
        _state = await slots.Reduction.Run(() => Begin(opening));
        (_opening, _frozen, _applied, _reduced) = (opening, null, null, NewSignal());
        DelayDeactivation(Timeout.InfiniteTimeSpan); // the run closes it
    }

    public Task<Block<float>> Weights(Epoch epoch, long round, WeightKind kind)
    {
        var state = Require(epoch, round);
        return Task.FromResult(new Block<float>(kind switch
        {
            WeightKind.Current => state.Current,
            WeightKind.Average => state.Average,
            _ => state.Best,
        }));
    }

    public async Task<SubmitReply> Submit(ShardGradient gradient)
    {
        if (_opening?.Epoch != gradient.Epoch || _state is not { } state) return SubmitReply.Stale;
        var signal = _reduced;
        var (reply, reduced) = await slots.Reduction.Run(() => Add(state, gradient));
        if (reduced is not null) signal.TrySetResult(reduced);
        Telemetry.ShardAttempts.Add(1, new KeyValuePair<string, object?>("outcome", reply.ToString()));
        return reply;
    }

    public async Task<ReducedRound?> Reduced(Epoch epoch, long round)
    {
        Require(epoch, round);
        return await LongPoll.Answer(_reduced.Task, clock);
    }

    public async Task Apply(Epoch epoch, RoundStep step)
    {
        if (_opening?.Epoch == epoch && _applied == step) return;
        var state = Require(epoch, step.Round);
        using var span = Telemetry.StartUnder(step.TraceParent, "flowgrain.apply");
        _reduced = NewSignal();
        await slots.Reduction.Run(() => state.Apply(step));
        _applied = step;
    }

    public Task KeepBest(Epoch epoch, long round)
    {
        var state = Require(epoch, round);
        return slots.Reduction.Run(state.KeepBest);
    }

    public async Task Freeze(Epoch epoch, long round)
    {
        var state = Require(epoch, round);
        _frozen = await slots.Reduction.Run(state.Freeze);
    }

    public Task<SnapshotPart> WriteFrozen(Epoch epoch, string file)
    {
        var frozen = _opening?.Epoch == epoch && _frozen is { } copy ? copy : throw Stale(epoch);
        return Task.Run(() => SnapshotFile.Write(file, frozen)); // waits for the disk, not for the processor
    }

    public Task Close(Epoch epoch)
    {
        if (_opening?.Epoch != epoch) return Task.CompletedTask;
        (_opening, _state, _frozen, _applied) = (null, null, null, null);
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private static (SubmitReply Reply, ReducedRound? Reduced) Add(RangeState state, ShardGradient gradient)
    {
        if (state.Round != gradient.Round) return (SubmitReply.Stale, null);
        using var span = Telemetry.StartUnder(gradient.TraceParent, "flowgrain.reduce.node");
        return (state.Submit(gradient), state.Reduced());
    }

    private static RangeState Begin(AggregatorOpening opening)
    {
        var (offset, length) = opening.Range;
        var state = new RangeState(length, opening.Shards, opening.WeightDecay);
        if (opening.SnapshotFile is { } file) state.Begin(SnapshotFile.Read(file), opening.Round);
        else state.Begin(InitialWeights(opening.FlowJson).AsSpan(offset, length));
        return state;
    }

    private static float[] InitialWeights(Block<byte> flowJson)
    {
        var spec = FlowSpecJson.Read(flowJson.Span);
        return [.. spec.Layout().Initialize(spec.Seed).Select(value => (float)value)];
    }

    private RangeState Require(Epoch epoch, long round) =>
        _opening?.Epoch == epoch && _state is { } state && state.Round == round ? state : throw Stale(epoch);

    private StaleEpochException Stale(Epoch epoch) => new(
        $"Range '{this.GetPrimaryKeyString()}' is at epoch {_opening?.Epoch.Number}, round {_state?.Round}; the caller came with epoch {epoch.Number}.");

    private static TaskCompletionSource<ReducedRound> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
