using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Optimization;
using FlowGrain.Training;

namespace FlowGrain.Bench;

/// <summary>The training that the cluster does, without a cluster: threads, the tree and the optimizer, nothing else.</summary>
internal sealed class BareLoop(FlowSpec spec, TrainingPlan plan, EpochOrder order, int threads)
{
    private readonly RunSchedule _schedule = RunSchedule.Of(plan, order.Rows);
    private readonly ReductionTree _tree = new(plan.Shards, spec.Layout().Count);
    private readonly AdamW _optimizer = new(new AdamWOptions());
    private readonly float[][] _state = [.. Enumerable.Range(0, 4).Select(_ => new float[spec.Layout().Count])];

    /// <summary>Makes rounds; returns the rows a second of all but the first few.</summary>
    internal double Run(int rounds, int warmup)
    {
        spec.Layout().Initialize(spec.Seed).Select(value => (float)value).ToArray().CopyTo(_state[0], 0);
        using var gate = new Barrier(threads + 1);
        long round = 0;
        var workers = Enumerable.Range(0, threads).Select(thread => new Thread(() => Work(thread, gate, ref round, rounds))).ToList();
        workers.ForEach(worker => worker.Start());
        var (watch, rows) = (new System.Diagnostics.Stopwatch(), 0L);
        for (; round < rounds; Step(round), round++)
        {
            if (round == warmup) watch.Start();
            gate.SignalAndWait(); // the round begins
            gate.SignalAndWait(); // every shard is in
            if (round >= warmup) rows += _tree.Root.Totals.Rows;
        }

        gate.SignalAndWait();
        workers.ForEach(worker => worker.Join());
        return rows / watch.Elapsed.TotalSeconds;
    }

    private void Work(int thread, Barrier gate, ref long round, int rounds)
    {
        using var engine = FlowEngines.Create(spec);
        var (sums, width) = (new float[engine.Parameters.Length], spec.Columns.Length + spec.Context.Length);
        while (true)
        {
            gate.SignalAndWait();
            if (Volatile.Read(ref round) >= rounds) return;
            _state[0].CopyTo(engine.Parameters);
            for (var shard = thread; shard < plan.Shards; shard += threads)
            {
                var (pass, first, count) = _schedule.Slice(Volatile.Read(ref round), shard);
                var rows = new double[count * width];
                order.Gather(pass, first, count, rows);
                var loss = engine.Gradient(rows, sums);
                lock (_tree) _tree.Add(ShardSpan.Of(shard), sums, new ShardTotals(loss, count, 0), []);
            }

            gate.SignalAndWait();
        }
    }

    private void Step(long round)
    {
        var norm = Math.Sqrt(Gradients.SumOfSquares(_tree.Root.Sums)) / _tree.Root.Totals.Rows;
        var scale = (float)(Gradients.ClipFactor(norm, 5) / _tree.Root.Totals.Rows);
        _optimizer.Step(new OptimizerState(_state[0], _state[1], _state[2], _state[3]), _tree.Root.Sums, scale, 1e-3f, 0.99f, round + 1);
        _tree.Clear();
    }
}
