using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Data;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Tests.Flows;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>Runs whose rows have weights.</summary>
public sealed class WeightTests : IAsyncLifetime
{
    private EmbeddedFixture _embedded = null!;

    public async ValueTask InitializeAsync() => _embedded = await EmbeddedFixture.Start();

    public ValueTask DisposeAsync() => _embedded.DisposeAsync();

    [Theory]
    [InlineData("nsf", SyncMode.Sync, "noise=0")]
    [InlineData("maf", SyncMode.Local, "average_moments=1")]
    [InlineData("glow", SyncMode.Diloco, "noise=0.1")]
    [InlineData("cnf", SyncMode.Sync, "hidden=8")]
    [InlineData("residual", SyncMode.Sync, "hidden=8")]
    public async Task The_scale_of_the_weights_and_rows_of_weight_zero_change_nothing(string preset, SyncMode mode, string setting)
    {
        var plan = Plan(preset, mode, setting);
        var first = await _embedded.Train("first", plan with { Data = Data("first.csv", weight => weight) });
        var scaled = await _embedded.Train("scaled", plan with { Data = Data("scaled.csv", weight => 1e30 * weight) });
        var without = await _embedded.Train("without", plan with { Data = Data("without.csv", weight => weight, leavesOut: true) });
        var unweighted = await _embedded.Train("unweighted", plan with { Data = Data("unweighted.csv", weight => weight) with { Weights = null, Columns = ["a", "b"] } });
        Assert.Equal(first.WeightsSha256, scaled.WeightsSha256);
        Assert.Equal((first.WeightsSha256, first.TrainNll, first.ValidationNll, first.GaussianNll), (without.WeightsSha256, without.TrainNll, without.ValidationNll, without.GaussianNll));
        Assert.NotEqual(first.WeightsSha256, unweighted.WeightsSha256);
        Assert.True((await _embedded.Cluster.Grains.GetGrain<IVerificationGrain>("v").Verify(new VerificationPlan("first", null, Rounds: null), TestContext.Current.CancellationToken)).Equal);
    }

    [Theory, InlineData(SyncMode.Sync), InlineData(SyncMode.Diloco)]
    public async Task One_and_three_slots_and_ranges_end_with_the_same_bits(SyncMode mode)
    {
        await using var three = await EmbeddedFixture.Start(slots: 3);
        var plan = Plan("nsf", mode, "noise=0") with { Shards = 5 };
        var one = await _embedded.Train("m", plan with { Data = Data("m.csv", weight => weight) });
        var other = await three.Train("m", plan with { Data = Data("m.csv", weight => weight), Ranges = 3 });
        Assert.Equal((one.WeightsSha256, one.TrainNll), (other.WeightsSha256, other.TrainNll));
    }

    [Theory, InlineData(SyncMode.Sync), InlineData(SyncMode.Diloco)]
    public async Task Weights_that_are_all_the_same_change_no_bit(SyncMode mode)
    {
        var plan = Plan("nsf", mode, "noise=0");
        var weighted = await _embedded.Train("weighted", plan with { Data = Data("same.csv", _ => 3) });
        var unweighted = await _embedded.Train("unweighted", plan with { Data = Data("same.csv", _ => 3) with { Weights = null, Columns = ["a", "b"] } });
        Assert.Equal((unweighted.WeightsSha256, unweighted.GaussianNll, unweighted.TrainNll), (weighted.WeightsSha256, weighted.GaussianNll, weighted.TrainNll));
    }

    [Fact]
    public void Inner_steps_hand_in_what_they_changed_as_often_as_their_rows_count()
    {
        var spec = TestFlows.Spec("nsf", 2);
        using var engine = FlowEngines.Create(spec);
        var loop = new InnerLoop(engine, new InnerSteps(4, AveragesMoments: false, 0.01, 1, 100, 5, 0));
        float[] weights = [.. engine.Parameters];
        var (rows, once, twice) = (TestFlows.Rows(spec, 42), new float[weights.Length], new float[weights.Length]);
        var loss = loop.Run(0, rows, [.. Enumerable.Repeat(1f, 42)], weights, once, default);
        Assert.Equal(2 * loss, loop.Run(0, rows, [.. Enumerable.Repeat(2f, 42)], weights, twice, default));
        Assert.Equal(once.Select(value => 2 * value), twice);
        Assert.Contains(once, value => value != 0);
    }

    /// <summary>A step over all rows has the loss and the gradient of the repeated ones; only its rounding is another, which Adam would take for a direction where a gradient is 0: so the steps are tiny.</summary>
    [Theory, InlineData("nsf"), InlineData("realnvp")]
    public async Task Whole_weights_come_to_what_repeated_rows_do(string preset)
    {
        var held = _embedded.Write("held.csv", ["a,b,w", .. Rows(60, seed: 5).Select(row => $"{row.Text},{row.Weight}")]);
        var heldTwice = _embedded.Write("held-twice.csv", ["a,b", .. Rows(60, seed: 5).SelectMany(row => Enumerable.Repeat(row.Text, row.Weight))]);
        var weighted = _embedded.Write("weighted.csv", ["a,b,w", .. Rows(300, seed: 1).Select(row => $"{row.Text},{row.Weight}")]);
        var repeated = _embedded.Write("repeated.csv", ["a,b", .. Rows(300, seed: 1).SelectMany(row => Enumerable.Repeat(row.Text, row.Weight))]);
        var plan = Plan(preset, SyncMode.Sync, "clip_norm=1e9") with { BatchRows = 4096, Steps = 3, LearningRate = 1e-6 };
        plan = plan with { Settings = preset == "nsf" ? plan.Settings.Add("tail_bound", "5") : plan.Settings }; // else it is fitted to rows, whatever they weigh
        var one = await _embedded.Train("weighted", plan with { Data = new DataSelection(weighted, [], [], MissingRows.Refuse) { Weights = "w", Validation = held } });
        var other = await _embedded.Train("repeated", plan with { Data = new DataSelection(repeated, [], [], MissingRows.Refuse) { Validation = heldTwice } });
        Assert.Equal(other.GaussianNll, one.GaussianNll, 1e-5);
        Assert.Equal(other.TrainNll, one.TrainNll, 1e-4);
        Assert.Equal(other.ValidationNll, one.ValidationNll, 1e-4);
        var (weighed, each) = (await _embedded.Run("weighted").Series(version: null), await _embedded.Run("repeated").Series(version: null));
        Assert.Equal(each.Loss[0], weighed.Loss[0], 1e-4);
        Assert.Equal(each.GradientNorm[0], weighed.GradientNorm[0], 1e-3 * each.GradientNorm[0]);
        var ignored = await _embedded.Train("ignored", plan with { Data = new DataSelection(weighted, ["a", "b"], [], MissingRows.Refuse) { Validation = held } });
        Assert.True(Math.Abs(ignored.GaussianNll - one.GaussianNll) > 0.02 && Math.Abs(ignored.TrainNll - one.TrainNll) > 0.005, "the weights change nothing that could be seen");
    }

    [Fact]
    public async Task Categories_and_gaps_are_weighed_too()
    {
        var random = new CounterRandom(2, "kinds");
        var file = _embedded.Write("kinds.csv", ["k,x,y,w", .. Enumerable.Range(0, 800).Select(row => string.Create(CultureInfo.InvariantCulture,
            $"{(row % 4 == 0 ? "rare" : "usual")},{random.Normal(2 * row)},{(row % 3 == 0 ? "" : random.Normal(2 * row + 1).ToString(CultureInfo.InvariantCulture))},{(row % 4 == 0 ? 9 : 1)}"))]);
        var kinds = ImmutableSortedDictionary<string, string>.Empty.Add("k", "category");
        var plan = Plan("maf", SyncMode.Sync, "noise=0") with { Data = new DataSelection(file, [], [], MissingRows.Mask) { Weights = "w", Kinds = kinds } };
        var result = await _embedded.Train("kinds", plan);
        var flow = await File.ReadAllTextAsync(Path.Combine(result.Path, "flow.json"), TestContext.Current.CancellationToken);
        var seen = FlowGrain.Flows.FlowSpecJson.Read(System.Text.Encoding.UTF8.GetBytes(flow)).Categories!.Seen;
        Assert.Equal(3, seen[0].Rows / seen[1].Rows, 0.7); // a quarter of the rows at nine times the weight
        Assert.True(double.IsFinite(result.ValidationNll) && double.IsFinite(result.GaussianNll));
    }

    private TrainingPlan Plan(string preset, SyncMode mode, string setting)
    {
        var plan = _embedded.Plan(preset, steps: 20);
        var settings = preset is "cnf" or "residual" ? ImmutableSortedDictionary<string, string>.Empty : plan.Settings;
        var (name, value) = (setting.Split('=')[0], setting.Split('=')[1]);
        return plan with { Mode = mode, InnerSteps = mode == SyncMode.Sync ? null : 5, Settings = settings.SetItem(name, value) };
    }

    /// <summary>Rows with weights from 0 to 4, of which those without any may be left out.</summary>
    private DataSelection Data(string name, Func<double, double> scale, bool leavesOut = false)
    {
        var rows = Rows(400, seed: 1).Select((row, i) => (row.Text, Weight: i % 7 == 0 ? 0 : (double)row.Weight)).Where(row => !leavesOut || row.Weight > 0);
        return new DataSelection(_embedded.Write(name, ["a,b,w", .. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Text},{scale(row.Weight):R}"))]), [], [], MissingRows.Refuse) { Weights = "w" };
    }

    /// <summary>Two columns, and weights from 1 to 4 that are larger where a is.</summary>
    private static IEnumerable<(string Text, int Weight)> Rows(int count, int seed)
    {
        var random = new CounterRandom(seed, "rows");
        for (var row = 0; row < count; row++)
        {
            var (a, b) = (random.Normal(2 * row), random.Normal(2 * row + 1));
            yield return (string.Create(CultureInfo.InvariantCulture, $"{a},{a * a + 0.3 * b}"), Math.Clamp((int)(2.5 + 1.5 * a), 1, 4));
        }
    }
}
