using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Serving;

namespace FlowGrain.Training;

/// <summary>
/// Makes the rounds of a run again, from its first, on the device slots of this silo: with what its workers, ranges and loop
/// compute with, but without leases, messages and commits.
/// </summary>
internal sealed class Replay : IAsyncDisposable
{
    private readonly DeviceSlots _slots;
    private readonly RunSchedule _schedule;
    private readonly RoundRule _rule;
    private readonly ImmutableArray<ShardComputer> _computers; // of each slot
    private readonly ImmutableArray<RangeState> _ranges;
    private readonly ImmutableArray<(int Range, int Number, Chunk Chunk)> _chunks;
    private readonly Lock _gate = new(); // slots submit at the same time
    private readonly int _parameters;
    private readonly float[] _weights;

    private Replay(DeviceSlots slots, FlowSpec flow, float[] beginning, RunRecord record, RunSettings settings, ImmutableArray<ShardComputer> computers)
    {
        (_slots, _computers, _schedule) = (slots, computers, RunSchedule.Of(record.Plan, record.TrainRows));
        _rule = new RoundRule(record.Plan, settings, _schedule, record.PlannedRounds);
        _parameters = flow.Layout().Count;
        _weights = new float[computers[0].SumsLength];
        var (rule, cut) = (settings.Rule(record.Plan), Cut.Ranges(_parameters, record.Plan.Ranges));
        _ranges = [.. cut.Select(range => new RangeState(new AggregatorOpening(default, range, record.Plan.Shards, 0, new Block<byte>(default(ReadOnlyMemory<byte>)), [], rule)))];
        _chunks = [.. cut.SelectMany((range, index) => Cut.Chunks(range, _weights.Length / _parameters).Select((chunk, number) => (index, number, chunk)))];
        foreach (var range in _ranges) range.Begin(beginning);
    }

    /// <summary>Rounds made.</summary>
    internal long Round => _ranges[0].Round;

    /// <summary>Before the first round.</summary>
    /// <param name="slots">Where it computes.</param>
    /// <param name="engines">Makes what computes.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="beginning">The weights that the run began with.</param>
    /// <param name="record">Its record.</param>
    /// <param name="data">Its rows.</param>
    internal static async Task<Replay> Begin(DeviceSlots slots, EngineFactory engines, FlowSpec flow, float[] beginning, RunRecord record, TrainingData data)
    {
        var settings = RunSettings.Of(record.Plan);
        var inner = settings.Inner(record.Plan, record.PlannedRounds);
        var computers = await Task.WhenAll(Enumerable.Range(0, slots.Count).Select(slot =>
            slots[slot].Run(() => new ShardComputer(flow, engines(flow), data, settings.Noise, inner))));
        return await slots[0].Run(() => new Replay(slots, flow, beginning, record, settings, [.. computers]));
    }

    /// <summary>Makes the next round; returns what its record should be.</summary>
    internal async Task<RoundLine> Next(CancellationToken cancellation)
    {
        var round = Round;
        foreach (var (range, number, chunk) in _chunks) _ranges[range].Weights(WeightKind.Current, number).CopyTo(_weights.AsMemory(At(chunk), chunk.Length));
        await Task.WhenAll(Enumerable.Range(0, _slots.Count).Select(slot => Shards(round, slot, cancellation)));
        return await _slots[0].Run(() => Step(round));
    }

    /// <summary>Keeps the average as the best, as the run did after its best validation.</summary>
    internal Task KeepBest() => _slots[0].Run(() =>
    {
        foreach (var range in _ranges) range.KeepBest();
        return true;
    });

    /// <summary>SHA-256 of the best weights.</summary>
    internal string BestSha256()
    {
        foreach (var (range, number, chunk) in _chunks.Where(piece => piece.Chunk.Plane == 0)) _ranges[range].Weights(WeightKind.Best, number).CopyTo(_weights.AsMemory(At(chunk), chunk.Length));
        return ModelStore.Sha256(_weights.AsSpan(0, _parameters));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await Task.WhenAll(_computers.Select((computer, slot) => _slots[slot].Run(() =>
    {
        computer.Dispose();
        return true;
    })));

    /// <summary>Computes the shards of a slot: every one of so many as there are slots.</summary>
    private async Task Shards(long round, int slot, CancellationToken cancellation)
    {
        var sums = new float[_weights.Length];
        for (var shard = slot; shard < _schedule.Shards; shard += _slots.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            var lease = _rule.Lease(round, shard, weightsHash: 0);
            await _slots[slot].Run(() => Submit(lease, sums, _computers[slot].Gradient(lease, _weights, sums)));
        }
    }

    private bool Submit(ShardLease lease, float[] sums, ShardTotals totals)
    {
        lock (_gate)
        {
            foreach (var (range, number, chunk) in _chunks)
            {
                var slice = sums.AsMemory(At(chunk), chunk.Length);
                _ranges[range].Submit(new PartialSum(
                    default, lease.Round, ShardSpan.Of(lease.Shard), number, new Block<float>(slice), SiloRun.Hash(slice.Span), [], totals.Loss, totals.Rows, TraceParent: null, totals.RowHash) { Weights = totals.Weights });
            }
        }

        return true;
    }

    private RoundLine Step(long round)
    {
        ImmutableArray<ReducedRound> reduced = [.. _ranges.Select(range => range.Reduced()!)];
        var step = _rule.Step(round, reduced[0].Weight, RoundRule.Norm(reduced));
        foreach (var range in _ranges) range.Apply(step);
        var weights = WeightsHash.Of([.. _ranges.SelectMany(range => range.Hashes(WeightKind.Current).Values)]);
        return _rule.Line(reduced[0], step, weights, attempts: _schedule.Shards, rejects: 0);
    }

    private int At(Chunk chunk) => chunk.Plane * _parameters + chunk.Offset;
}
