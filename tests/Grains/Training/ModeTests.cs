using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Optimization;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Local and diloco rounds: what they equal, and that they have the same bits on any number of workers.</summary>
public sealed class ModeTests
{
    public static TheoryData<SyncMode, string, bool> Modes =>
    [
        .. from mode in new[] { SyncMode.Local, SyncMode.Diloco } from preset in new[] { "nsf", "maf" } from averages in new[] { false, true }
           select new TheoryDataRow<SyncMode, string, bool>(mode, preset, averages),
    ];

    [Theory, MemberData(nameof(Modes))]
    public async Task One_and_three_slots_and_any_number_of_ranges_end_with_the_same_bits(SyncMode mode, string preset, bool averages)
    {
        await using var one = await EmbeddedFixture.Start(slots: 1);
        await using var three = await EmbeddedFixture.Start(slots: 3);
        var alone = await one.Train("m", Plan(one, mode, preset, averages));
        var together = await three.Train("m", Plan(three, mode, preset, averages) with { Ranges = 3 });
        Assert.Equal(alone.WeightsSha256, together.WeightsSha256);
        Assert.Equal((60L, 60L), (alone.Steps, together.Steps));
    }

    [Theory, InlineData(SyncMode.Local), InlineData(SyncMode.Diloco)]
    public async Task They_learn(SyncMode mode)
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", Plan(embedded, mode, "nsf", averages: false) with { Steps = 400 });
        Assert.True(result.ValidationNll < result.GaussianNll - 0.2, $"flow {result.ValidationNll}, Gaussian {result.GaussianNll}");
    }

    [Fact]
    public async Task Progress_listing_losses_and_result_count_steps_and_not_rounds()
    {
        using var folder = new TempFolder();
        await using (var first = await EmbeddedFixture.Start(folder: folder))
        {
            var run = first.Run("m");
            var result = await first.Train("m", Plan(first, SyncMode.Local, "nsf", averages: false));
            Assert.Equal(Enumerable.Range(1, 12).Select(round => round * 5L), (await run.History()).Select(point => point.Step));
            await AllCount(first, result.Steps);
        }

        await using var second = await EmbeddedFixture.Start(folder: folder); // knows the journal alone
        await AllCount(second, 60);

        static async Task AllCount(EmbeddedFixture embedded, long steps)
        {
            var progress = await embedded.Run("m").Progress();
            var listing = Assert.Single(await embedded.Cluster.Grains.GetGrain<IClusterGrain>(0).Runs());
            Assert.Equal((60, 60, 60), (steps, progress.Step, progress.Steps));
            Assert.Equal((60, 60), (listing.Step, listing.Steps));
        }
    }

    [Fact]
    public async Task A_run_that_goes_on_says_from_which_step()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (run, plan) = (embedded.Run("m"), Plan(embedded, SyncMode.Local, "nsf", averages: false) with { Steps = 5000 });
        await run.Start(plan, TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step >= 10);
        var stopped = await run.Stop();
        var resumed = await run.Start(plan, TestContext.Current.CancellationToken);
        Assert.Equal(stopped.Step, resumed.ResumedAtStep);
        Assert.Equal(0, stopped.Step % 5);
        await run.Stop();
    }

    [Fact]
    public async Task A_run_that_stops_and_starts_again_ends_with_the_bits_of_an_undisturbed_one()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", Plan(calm, SyncMode.Diloco, "nsf", averages: true) with { Steps = 1000 });
        using var folder = new TempFolder();
        await using (var first = await EmbeddedFixture.Start(slots: 2, folder))
        {
            var run = first.Run("m");
            await run.Start(Plan(first, SyncMode.Diloco, "nsf", averages: true) with { Steps = 1000 }, TestContext.Current.CancellationToken);
            await EmbeddedFixture.Until(run, progress => progress.Step >= 10);
            await run.Stop();
        }

        await using var second = await EmbeddedFixture.Start(slots: 1, folder);
        var resumed = await second.Train("m", Plan(second, SyncMode.Diloco, "nsf", averages: true) with { Steps = 1000, Ranges = 4 });
        Assert.Equal(undisturbed.WeightsSha256, resumed.WeightsSha256);
    }

    [Fact]
    public void With_one_inner_step_and_a_plain_outer_step_it_is_gradient_descent()
    {
        // θ − η(Δ + μv) with η = 1, μ = 0 and shards of equal rows that step by SGD: the mean of θ_s is θ − α·mean(g_s).
        const int Count = 1000;
        const float Alpha = 0.05f;
        var random = new CounterRandom(1, "sgd");
        float[] start = [.. Enumerable.Range(0, Count).Select(i => (float)random.Normal(i))];
        float[][] gradients = [.. Enumerable.Range(0, 4).Select(shard => Enumerable.Range(0, Count).Select(i => (float)random.Normal((shard + 1) * Count + i)).ToArray())];
        var tree = new ReductionTree(4, Count);
        for (var shard = 0; shard < 4; shard++)
        {
            float[] delta = [.. start.Zip(gradients[shard], (theta, g) => 10 * (theta - Alpha * g - theta))];
            tree.Add(ShardSpan.Of(shard), delta, new ShardTotals(0, 10, 0), []);
        }

        var (weights, momentum, average) = (start.ToArray(), new float[Count], start.ToArray());
        OuterStep.Apply(weights, momentum, average, tree.Root.Sums, new RoundStep(0, 1f / 40, 0, 0, null), new UpdateRule(SyncMode.Diloco, 0, OuterRate: 1, OuterMomentum: 0, false));
        for (var i = 0; i < Count; i++)
        {
            var expected = start[i] - Alpha * gradients.Average(gradient => (double)gradient[i]);
            Assert.Equal(expected, weights[i], 1e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Fact]
    public void The_outer_step_is_nesterovs()
    {
        var (weights, momentum, average) = (new[] { 2f }, new[] { 0.5f }, new[] { 2f });
        OuterStep.Apply(weights, momentum, average, [-8f], new RoundStep(0, 0.25f, 0, 0.5f, null), new UpdateRule(SyncMode.Diloco, 0, OuterRate: 0.7, OuterMomentum: 0.9, false));
        var delta = 2.0; // −(−8)/4
        var velocity = 0.9 * 0.5 + delta;
        Assert.Equal(velocity, momentum[0], 1e-6);
        Assert.Equal(2 - 0.7 * (delta + 0.9 * velocity), weights[0], 1e-6);
        Assert.Equal((2 + weights[0]) / 2, average[0], 1e-6);
    }

    [Fact]
    public async Task Local_rounds_equal_a_loop_that_averages_the_weights_of_its_shards()
    {
        const int Rounds = 3;
        await using var embedded = await EmbeddedFixture.Start(slots: 3);
        var plan = Plan(embedded, SyncMode.Local, "realnvp", averages: false) with { Steps = Rounds * 5, ValidationFraction = 0 };
        var result = await embedded.Train("m", plan with { Settings = plan.Settings.SetItem("average_decay", "0") });
        var spec = FlowGrain.Flows.FlowSpecJson.Read(await File.ReadAllBytesAsync(Path.Combine(result.Path, "flow.json"), TestContext.Current.CancellationToken));
        using var dataset = new DatasetStore(Path.Combine(embedded.Home, "data"), TimeProvider.System).Import(plan.Data, progress: null, TestContext.Current.CancellationToken);
        var order = new EpochOrder(Split.Of(dataset, new SplitFractions(0, 0, 0)), 0);
        using var engine = FlowEngines.Create(spec);
        float[] weights = [.. spec.Layout().Initialize(spec.Seed).Select(value => (float)value)];
        var schedule = RunSchedule.Of(plan, order.Rows);
        var rates = new Schedule(0.01, Rounds * 5 / 2, Rounds * 5);
        for (var round = 0; round < Rounds; round++)
        {
            var deltas = Enumerable.Range(0, plan.Shards).Select(shard => Shard(round, shard)).ToList();
            var (rows, sum) = (deltas.Sum(delta => delta.Rows), Added(Added(deltas[0].Delta, deltas[1].Delta), Added(deltas[2].Delta, deltas[3].Delta)));
            var scale = (float)(1.0 / rows);
            for (var i = 0; i < weights.Length; i++) weights[i] -= -sum[i] * scale;
        }

        Assert.Equal(result.WeightsSha256, FlowGrain.Serving.ModelStore.Sha256(weights));

        (float[] Delta, int Rows) Shard(int round, int shard)
        {
            var (pass, first, count) = schedule.Slice(round, shard);
            var rows = new double[count * 2];
            order.Gather(pass, first, count, rows);
            weights.CopyTo(engine.Parameters);
            float[][] state = [new float[weights.Length], new float[weights.Length], new float[weights.Length]];
            var gradient = new float[weights.Length];
            for (var step = 0; step < 5; step++)
            {
                var (begin, end) = (count * step / 5, count * (step + 1) / 5);
                engine.Gradient(rows.AsSpan(begin * 2, (end - begin) * 2), gradient);
                var scale = (float)(Gradients.ClipFactor(Math.Sqrt(Gradients.SumOfSquares(gradient)) / (end - begin), 5) / (end - begin));
                new AdamW(new AdamWOptions()).Step(new OptimizerState<float>(engine.Parameters, state[0], state[1], state[2]), gradient, scale, (float)rates.At(round * 5 + step + 1), 1, step + 1);
            }

            var after = engine.Parameters.ToArray();
            return ([.. after.Zip(weights, (theta, before) => count * (theta - before))], count);
        }

        static float[] Added(float[] one, float[] other) => [.. one.Zip(other, (a, b) => a + b)];
    }

    private static TrainingPlan Plan(EmbeddedFixture embedded, SyncMode mode, string preset, bool averages)
    {
        var plan = embedded.Plan(preset, steps: 60);
        var settings = preset == "maf" ? ImmutableSortedDictionary<string, string>.Empty.Add("transforms", "2").Add("hidden", "8") : plan.Settings;
        return plan with { Mode = mode, InnerSteps = 5, Settings = averages ? settings.Add("average_moments", "1") : settings };
    }
}
