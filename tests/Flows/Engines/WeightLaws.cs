using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;
using static FlowGrain.Tests.Flows.Engines.TestEngines;

namespace FlowGrain.Tests.Flows.Engines;

/// <summary>What weights of rows must do in every engine, to every preset and objective.</summary>
public sealed class WeightLaws
{
    private const int Rows = 150, Heavy = 40; // more than a tile, and no whole number of blocks

    private static readonly TrainingDraw Draw = new(new CounterRandom(9, "pass"), First: 4000);

    public static TheoryData<string, string> Cases =>
    [
        .. from engine in All from kind in TestFlows.Kinds where engine.Value.Runs(TestFlows.Spec(kind, 2, 2)) select new TheoryDataRow<string, string>(engine.Key, kind),
    ];

    [Theory, MemberData(nameof(Cases))]
    public void A_row_of_weight_two_counts_as_two_rows_and_one_of_weight_zero_as_none(string engineName, string kind)
    {
        var spec = TestFlows.Spec(kind, 2, 2);
        using var engine = Engine(engineName, spec);
        var rows = TestFlows.Rows(spec, Rows);
        var few = rows.AsSpan(0, rows.Length / Rows * Heavy).ToArray(); // the first, so that their draws are the same
        var (once, first) = (Of(engine, rows, []), Of(engine, few, []));
        Near(Of(engine, rows, Weights(2, 1)), once.Loss + first.Loss, [.. once.Gradient.Zip(first.Gradient, (a, b) => a + b)]);
        Near(Of(engine, rows, Weights(1, 0)), first.Loss, first.Gradient);
    }

    [Theory, MemberData(nameof(Cases))]
    public void Weights_of_one_change_no_bit_and_weights_of_two_double_every_sum(string engineName, string kind)
    {
        var spec = TestFlows.Spec(kind, 2, 2);
        using var engine = Engine(engineName, spec);
        var rows = TestFlows.Rows(spec, Rows);
        var (none, ones, twos) = (Of(engine, rows, []), Of(engine, rows, Weights(1, 1)), Of(engine, rows, Weights(2, 2)));
        Assert.Equal(none.Loss, ones.Loss);
        Assert.Equal(none.Gradient, ones.Gradient);
        Assert.Equal(2 * none.Loss, twos.Loss);
        Assert.Equal(none.Gradient.Select(value => 2 * value), twos.Gradient);
    }

    [Theory, MemberData(nameof(TestEngines.Names), MemberType = typeof(TestEngines))]
    public void Weights_that_do_not_go_with_the_rows_are_refused(string engineName)
    {
        using var engine = Engine(engineName, TestFlows.Spec("nsf", 3));
        var error = Assert.Throws<ArgumentException>(() => engine.Gradient(new double[6], new float[engine.Parameters.Length], default, new float[3]));
        Assert.Equal("3 weights do not go with 2 rows.", error.Message);
    }

    /// <summary>What a gap is worth, and what a category is, are parts of a row's loss.</summary>
    [Fact]
    public void Engines_around_others_weigh_what_they_add()
    {
        var spec = TestFlows.Spec(TestFlows.Kinds.First(kind => TestFlows.Spec(kind, 3).Missing is not null), 3);
        using var engine = new MissingEngine(new TorchEngine(spec));
        var rows = TestFlows.Rows(spec, 4);
        for (var row = 0; row < 4; row++) rows[(row + 1) * 5 - 1] = row % 2;
        Assert.Equal(3 * Of(engine, rows.AsSpan(0, 5).ToArray(), []).Loss, Of(engine, rows, [3, 0, 0, 0]).Loss, 1e-4);

        var table = new TableSpec([new NumberColumn("x"), new CategoryColumn("k", ["a", "b"])], []);
        var levels = new Categorical(new([new([0], 0.5), new([1], 2.25)]), table);
        Assert.Equal(1, Math.Exp(levels.LogProb([0])) + Math.Exp(levels.LogProb([1])), 1e-12);
        var (draws, drawn, level) = (new CounterRandom(1, "levels"), 0, new int[1]);
        for (var i = 0; i < 4000; i++)
        {
            levels.Draw(draws, i, level);
            drawn += level[0];
        }

        Assert.Equal(Math.Exp(levels.LogProb([1])), drawn / 4000.0, 0.03);
    }

    private static (double Loss, float[] Gradient) Of(IFlowEngine engine, double[] rows, float[] weights)
    {
        var gradient = new float[engine.Parameters.Length];
        return (engine.Gradient(rows, gradient, Draw, weights), gradient);
    }

    private static float[] Weights(float heavy, float others) => [.. Enumerable.Range(0, Rows).Select(row => row < Heavy ? heavy : others)];

    private static void Near((double Loss, float[] Gradient) found, double loss, float[] gradient)
    {
        Assert.Equal(loss, found.Loss, 1e-4 * Math.Max(1, Math.Abs(loss)));
        var error = Math.Sqrt(found.Gradient.Zip(gradient, (a, b) => (double)(a - b) * (a - b)).Sum() / gradient.Sum(value => (double)value * value));
        Assert.True(error <= 1e-4, $"gradient off by {error:g3} of its norm");
    }
}
