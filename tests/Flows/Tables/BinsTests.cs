using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;
using FlowGrain.Flows.Transforms;

namespace FlowGrain.Tests.Flows.Tables;

/// <summary>Two coins, 0 or 1, under independent normals, of which the probability of every bin is known.</summary>
public sealed class BinsTests
{
    private static readonly TableSpec Table = new([new LatticeColumn("a", 1), new LatticeColumn("b", 0.5)], []);
    private static readonly double[] Coins = [0, 0, 0, 0.5, 1, 0, 1, 0.5];

    [Fact]
    public void The_more_draws_the_nearer_the_estimate_comes_to_the_probability_of_the_bin()
    {
        double[] errors = [.. new[] { 1, 8, 64, 1024 }.Select(draws => Math.Sqrt(Estimates(Coins, draws).Select((estimate, row) => Math.Pow(estimate - Exact(row), 2)).Average()))];
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.InRange(errors[0], 0.05, 1);
        Assert.InRange(errors[^1], 0, 0.02);
    }

    [Fact]
    public void Probabilities_of_all_bins_of_a_column_add_up_to_one()
    {
        double[] rows = [.. Enumerable.Range(-8, 16).SelectMany(a => Enumerable.Range(-8, 16).SelectMany(b => new[] { a, b * 0.5 }))];
        Assert.Equal(1, Estimates(rows, 256).Sum(estimate => Math.Exp(estimate)), 0.02); // and a few far out
    }

    [Fact]
    public void The_first_draw_is_that_of_the_usual_score()
    {
        using var engine = Engine();
        var (encoded, encoder) = (new double[Coins.Length], new RowEncoder(Table));
        encoder.Encode(Coins, encoded);
        var usual = LogDensities(engine, encoded);
        Assert.All(Estimates(Coins, draws: 1).Zip(usual), pair => Assert.Equal(pair.Second + Math.Log(0.5), pair.First, 1e-6));
    }

    [Fact]
    public void An_estimate_has_the_same_bits_alone_and_among_others()
    {
        var together = Estimates([.. Coins, 7, 3.5, .. Coins], 32);
        for (var row = 0; row < 4; row++)
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(together[row]), BitConverter.SingleToInt32Bits(Estimates(Coins[(2 * row)..(2 * row + 2)], 32)[0]));
            Assert.Equal(together[row], together[row + 5]);
        }
    }

    [Fact]
    public void Draws_stay_in_their_bin_and_what_is_between_the_steps_or_came_as_float32_finds_its_own()
    {
        var bins = new Bins(new TableSpec([new LatticeColumn("price", 0.01), new CircleColumn("hour", 24, Step: 1), new NumberColumn("x")], []));
        var drawn = bins.Draws([(float)0.57, 23, 5.25, 0.573, 23.4, 5.25], 200);
        for (var row = 0; row < 400; row++)
        {
            Assert.InRange(drawn[3 * row], 0.57 - 1e-9, 0.58 + 1e-9);
            Assert.InRange(drawn[3 * row + 1], 23, 24);
            Assert.Equal(5.25, drawn[3 * row + 2]);
        }
    }

    [Fact]
    public void What_a_row_lacks_is_in_no_bin()
    {
        var bins = new Bins(new TableSpec([new LatticeColumn("a", 4) { Fill = 0 }, new LatticeColumn("b", 8) { Fill = 0 }], []));
        Assert.Equal([(float)Math.Log(32), (float)Math.Log(8)], bins.LogProb([1, 2, double.NaN, 2], [0, 0, 0, 0], draws: 2));
        Assert.Equal(double.NaN, bins.Draws([double.NaN, 2], 2)[0]);
    }

    [Fact]
    public void What_has_no_density_has_no_probability()
    {
        var bins = new Bins(Table);
        Assert.Equal([float.NegativeInfinity, float.NaN, MathF.Log(0.25f)], bins.LogProb(Coins[..6], [float.NegativeInfinity, float.NegativeInfinity, 0, float.NaN, 0, float.NegativeInfinity], 2).Select(value => MathF.Round(value, 6)), (a, b) => a.Equals(b) || Math.Abs(a - b) < 1e-5);
        Assert.True(bins.Any);
        Assert.False(new Bins(new TableSpec([new NumberColumn("x")], [])).Any);
    }

    /// <summary>Of means 0.4 and 0.3, deviations 1 and 0.8.</summary>
    private static IFlowEngine Engine()
    {
        var spec = TestFlows.Spec("nsf", 2);
        spec = spec with { Table = Table, Columns = Table.FlowColumns, Transforms = spec.Transforms.SetItem(0, new StandardizeSpec([0.4, 0.3], [1, 0.8])) };
        var engine = FlowEngines.Create(spec);
        spec.Layout().Initialize(spec.Seed).Select(value => (float)value).ToArray().CopyTo(engine.Parameters);
        return engine;
    }

    private static double Exact(int row) => Math.Log(Mass(Coins[2 * row], 1, 0.4, 1) * Mass(Coins[2 * row + 1], 0.5, 0.3, 0.8));

    private static double Mass(double low, double step, double mean, double deviation) =>
        NormalDistribution.Cumulative((low + step - mean) / deviation) - NormalDistribution.Cumulative((low - mean) / deviation);

    private static float[] Estimates(double[] rows, int draws)
    {
        using var engine = Engine();
        var (bins, encoder) = (new Bins(Table), new RowEncoder(Table));
        var drawn = bins.Draws(rows, draws);
        var encoded = new double[drawn.Length];
        encoder.Encode(drawn, encoded);
        Assert.Equal(drawn, encoded); // they are taken as they are
        return bins.LogProb(rows, LogDensities(engine, encoded), draws);
    }

    private static float[] LogDensities(IFlowEngine engine, double[] rows)
    {
        var logDensity = new float[rows.Length / 2];
        engine.LogDensity(rows, logDensity, []);
        return logDensity;
    }
}
