using System.Diagnostics;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Optimization;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>The training that the cluster does, without a cluster: slot threads that claim shards, the tree and the optimizer, nothing else.</summary>
internal sealed class BareLoop(FlowSpec spec, TrainingPlan plan, EpochOrder order, int threads)
{
    private readonly RunSchedule _schedule = RunSchedule.Of(plan, order.Rows);
    private readonly ReductionTree _tree = new(plan.Shards, spec.Layout().Count);
    private readonly AdamW _optimizer = new(new AdamWOptions());
    private readonly float[][] _state = [.. Enumerable.Range(0, 4).Select(_ => new float[spec.Layout().Count])];
    private long _round; // changes only while the slots wait at the gate
    private int _claimed;

    /// <summary>Makes rounds; returns the rows a second of all but the first few.</summary>
    internal double Run(int rounds, int warmup)
    {
        spec.Layout().Initialize(spec.Seed).Select(value => (float)value).ToArray().CopyTo(_state[0], 0);
        using var gate = new Barrier(threads + 1);
        var slots = Enumerable.Range(0, threads).Select(slot => DedicatedThread.Once($"bare slot {slot}", () => Work(gate, rounds))).ToArray();
        var (watch, rows) = (new Stopwatch(), 0L);
        for (; _round < rounds; Step(), _round++)
        {
            if (_round == warmup) watch.Start();
            _claimed = 0;
            gate.SignalAndWait(); // the round begins
            gate.SignalAndWait(); // every shard is in
            if (_round >= warmup) rows += _tree.Root.Totals.Rows;
        }

        gate.SignalAndWait();
        Task.WaitAll(slots);
        return rows / watch.Elapsed.TotalSeconds;
    }

    private bool Work(Barrier gate, int rounds)
    {
        using var engine = FlowEngines.Create(spec);
        var (sums, width) = (new float[engine.Parameters.Length], spec.Columns.Length + spec.Context.Length);
        var memory = new double[plan.BatchRows * width];
        while (true)
        {
            gate.SignalAndWait();
            if (_round >= rounds) return true;
            _state[0].CopyTo(engine.Parameters);
            for (var shard = Claim(); shard < plan.Shards; shard = Claim())
            {
                var (pass, first, count) = _schedule.Slice(_round, shard);
                var rows = memory.AsSpan(0, count * width);
                order.Gather(pass, first, count, rows);
                var loss = engine.Gradient(rows, sums);
                lock (_tree) _tree.Add(ShardSpan.Of(shard), sums, new ShardTotals(loss, count, 0), []);
            }

            gate.SignalAndWait();
        }
    }

    private int Claim() => Interlocked.Increment(ref _claimed) - 1;

    private void Step()
    {
        var norm = Math.Sqrt(Gradients.SumOfSquares(_tree.Root.Sums)) / _tree.Root.Totals.Rows;
        var scale = (float)(Gradients.ClipFactor(norm, 5) / _tree.Root.Totals.Rows);
        _optimizer.Step(new OptimizerState<float>(_state[0], _state[1], _state[2], _state[3]), _tree.Root.Sums, scale, 1e-3f, 0.99f, _round + 1);
        _tree.Clear();
    }
}
