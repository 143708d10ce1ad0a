using FlowGrain.Data;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Optimization;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>What a run of many workers must equal, bit for bit: one loop that accumulates the gradients of the shards.</summary>
public sealed class ReferenceTests
{
    private const int Steps = 20; // four passes of five rounds, the last of each with fewer rows
    private const int Shards = 4;
    private const int BatchRows = 32;
    private const double Peak = 0.01;
    private const double ClipNorm = 5;

    [Theory, InlineData("nice", false), InlineData("realnvp", true), InlineData("nsf", false)]
    public async Task A_run_equals_gradient_accumulation_in_one_loop(string preset, bool context)
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 3);
        var plan = embedded.Plan(preset, Steps, context);
        Assert.Equal((Shards, BatchRows, (double?)Peak), (plan.Shards, plan.BatchRows, plan.LearningRate));
        var result = await embedded.Train("m", plan);

        var spec = FlowSpecJson.Read(await File.ReadAllBytesAsync(Path.Combine(result.Path, "flow.json"), TestContext.Current.CancellationToken));
        using var dataset = new DatasetStore(Path.Combine(embedded.Home, "data"), TimeProvider.System).Import(plan.Data, progress: null, TestContext.Current.CancellationToken);
        var split = Split.Of(dataset, new SplitFractions(plan.Seed, plan.ValidationFraction, plan.TestFraction));
        Assert.Equal(result.WeightsSha256, ModelStore.Sha256(Train(spec, new EpochOrder(split, plan.Seed))));
    }

    /// <summary>The averaged weights after the last step.</summary>
    private static float[] Train(FlowSpec spec, EpochOrder order)
    {
        using var engine = FlowEngines.Create(spec);
        var count = engine.Parameters.Length;
        float[] average = [.. spec.Layout().Initialize(spec.Seed).Select(value => (float)value)];
        average.CopyTo(engine.Parameters);
        var (first, second, sums) = (new float[count], new float[count], new float[count]);
        var schedule = new Schedule(Peak, WarmupSteps: Steps / 2, Steps);
        var adam = new AdamW(new AdamWOptions());
        for (var step = 1; step <= Steps; step++)
        {
            var (rows, _) = Accumulate(engine, order, step - 1, sums);
            var norm = Math.Sqrt(Gradients.SumOfSquares(sums)) / rows;
            var scale = Gradients.ClipFactor(norm, ClipNorm) / rows;
            var state = new OptimizerState<float>(engine.Parameters, first, second, average);
            adam.Step(state, sums, (float)scale, (float)schedule.At(step), (float)WeightAverage.DecayAt(step, 0.999), step);
        }

        return average;
    }

    /// <summary>The sums of a round's shards in the fixed tree ((0 + 1) + (2 + 3)).</summary>
    private static (long Rows, double Loss) Accumulate(IFlowEngine engine, EpochOrder order, int round, float[] sums)
    {
        const int RoundRows = Shards * BatchRows;
        var rounds = (int)((order.Rows + RoundRows - 1) / RoundRows);
        var start = round % rounds * RoundRows;
        var rows = (int)Math.Min(RoundRows, order.Rows - start);
        var shards = new float[Shards][];
        var loss = 0.0;
        for (var shard = 0; shard < Shards; shard++)
        {
            var (begin, end) = (rows * shard / Shards, rows * (shard + 1) / Shards);
            var values = new double[(end - begin) * (engine.Spec.Columns.Length + engine.Spec.Context.Length)];
            order.Gather(round / rounds, start + begin, end - begin, values);
            loss += engine.Gradient(values, shards[shard] = new float[sums.Length]);
        }

        for (var i = 0; i < sums.Length; i++) sums[i] = shards[0][i] + shards[1][i] + (shards[2][i] + shards[3][i]);
        return (rows, loss);
    }
}
