using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using Microsoft.Extensions.Hosting;

namespace FlowGrain.Training;

/// <inheritdoc cref="IAggregatorGrain" />
[OnStayingSilo]
internal sealed class AggregatorGrain(DeviceSlots slots, Residents residents, IHostApplicationLifetime host, ILocalSiloDetails local, TimeProvider clock) : Grain, IAggregatorGrain
{
    private static readonly TimeSpan Unasked = TimeSpan.FromHours(1); // its run closes it; one whose run ended elsewhere lets go of its memory by itself

    private readonly string _silo = local.SiloAddress.ToParsableString();
    private AggregatorOpening? _opening;
    private RangeState? _state;
    private RangeSnapshot? _frozen;
    private (string File, Task<SnapshotPart> Part)? _written;
    private (RoundStep Step, RangeHashes Hashes)? _applied;
    private TaskCompletionSource<ReducedRound> _reduced = NewSignal();
    private IDisposable? _residence;

    private string Run => field ??= this.GetPrimaryKeyString().Split('/')[0];

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation)
    {
        _residence?.Dispose();
        return Task.CompletedTask;
    }

    public async Task<RangeHashes> Open(AggregatorOpening opening)
    {
        if (_opening is { } before && before.Epoch != opening.Epoch && before.Epoch.Number >= opening.Epoch.Number) throw Stale(opening.Epoch);
        if (_opening?.Epoch != opening.Epoch)
        {
            _state = await slots.Reduction.Run(() => Begin(opening));
            (_opening, _frozen, _written, _applied, _reduced) = (opening, null, null, null, NewSignal());
            _residence ??= residents.Enter(Run);
            DelayDeactivation(Unasked);
        }

        return await slots.Reduction.Run(() => _state!.Hashes(WeightKind.Current));
    }

    public Task<Block<float>> Weights(Epoch epoch, long round, WeightKind kind, int chunk) =>
        Task.FromResult(new Block<float>(Require(epoch, round).Weights(kind, chunk)));

    public Task<RangeHashes> Hashes(Epoch epoch, long round, WeightKind kind)
    {
        var state = Require(epoch, round);
        DelayDeactivation(Unasked);
        return slots.Reduction.Run(() => state.Hashes(kind));
    }

    public async Task<SubmitReply> Submit(PartialSum sum)
    {
        var signal = _reduced;
        var (reply, reduced) = _state is { } state
            ? await slots.Reduction.Run(() => Add(state, sum))
            : (new SubmitReply(SubmitOutcome.StaleEpoch), null);
        if (reduced is not null) signal.TrySetResult(reduced); // what is in doubt is never full, and what was full is in doubt too late
        if (_opening is { Range.Offset: 0 } && sum.Chunk == 0) Telemetry.ShardAttempts.Add(sum.Leaves.Length, Label.Outcome(reply.Outcome)); // of all parts of its sums one counts
        return reply;
    }

    public async Task<ReducedRound?> Reduced(Epoch epoch, long round)
    {
        Require(epoch, round);
        DelayDeactivation(Unasked);
        return await LongPoll.Answer(_reduced.Task, clock, host.ApplicationStopping);
    }

    public Task<ImmutableArray<int>> Missing(Epoch epoch, long round)
    {
        var state = Require(epoch, round);
        return slots.Reduction.Run(state.Missing);
    }

    public async Task<RangeHashes> Apply(Epoch epoch, RoundStep step)
    {
        if (_opening?.Epoch == epoch && _applied is { } applied && applied.Step == step) return applied.Hashes;
        var state = Require(epoch, step.Round);
        using var span = Spans.StartUnder(step.TraceParent, Spans.Apply)?.Of(Run, step.Round, _silo);
        _reduced = NewSignal();
        var hashes = await slots.Reduction.Run(() =>
        {
            state.Apply(step);
            return state.Hashes(WeightKind.Current);
        });
        _applied = (step, hashes);
        return hashes;
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
        Require(epoch);
        if (_written is var (known, part) && known == file) return part; // the answer before was lost
        var frozen = _frozen ?? throw Lost();
        var writing = slots.Writing.Run(() => SnapshotFile.Write(file, frozen));
        _written = (file, writing);
        return writing;
    }

    public Task Close(Epoch epoch)
    {
        if (_opening?.Epoch != epoch) return Task.CompletedTask;
        (_opening, _state, _frozen, _written, _applied) = (null, null, null, null, null);
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    private (SubmitReply Reply, ReducedRound? Reduced) Add(RangeState state, PartialSum sum)
    {
        using var span = Spans.StartUnder(sum.TraceParent, Spans.Reduce)?.Of(Run, sum.Round, _silo);
        var reply = state.Submit(sum);
        return (reply, reply.Outcome is SubmitOutcome.Accepted or SubmitOutcome.Mismatch ? state.Reduced() : null);
    }

    private static RangeState Begin(AggregatorOpening opening)
    {
        var state = new RangeState(opening);
        if (opening.SnapshotFiles.IsEmpty) state.Begin(RangeState.InitialWeights(FlowSpecJson.Read(opening.FlowJson.Span)));
        else state.Begin(SnapshotFile.Read(opening.SnapshotFiles, opening.Range), opening.Round);
        return state;
    }

    private RangeState Require(Epoch epoch)
    {
        if (_opening is null || _state is null) throw Lost();
        return _opening.Epoch == epoch ? _state : throw Stale(epoch);
    }

    private RangeState Require(Epoch epoch, long round) => Require(epoch) is var state && state.Round == round ? state : throw Stale(epoch);

    private StaleEpochException Stale(Epoch epoch) => new(
        $"Range '{this.GetPrimaryKeyString()}' is at epoch {_opening?.Epoch.Number}, round {_state?.Round}; the caller came with epoch {epoch.Number}.");

    private RangeLostException Lost() => new($"Range '{this.GetPrimaryKeyString()}' has no state: the silo that held it is gone.");

    private static TaskCompletionSource<ReducedRound> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
