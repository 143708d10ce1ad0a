using System.Text.Json;
using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Tests.Flows.Tables;

public sealed class CategoricalTests
{
    private static readonly TableSpec Table = new(
        [new CategoryColumn("color", ["blue", "green", "red"]), new NumberColumn("x"), new CategoryColumn("kind", ["flat", "house"])], []);

    private static readonly CategoricalSpec Spec = new([new([0, 0], 6), new([2, 1], 3), new([1, 0], 1)]);

    private static IEnumerable<(int Color, int Kind)> All => from color in Enumerable.Range(0, 3) from kind in Enumerable.Range(0, 2) select (color, kind);

    [Fact]
    public void Probabilities_of_all_combinations_sum_to_one_and_none_is_zero()
    {
        var probabilities = All.Select(levels => Math.Exp(new Categorical(Spec, Table).LogProb([levels.Color, levels.Kind]))).ToArray();
        Assert.Equal(1, probabilities.Sum(), 1e-12);
        Assert.All(probabilities, p => Assert.True(p > 0));
        Assert.Equal((6 + (7.0 / 13) * (8.0 / 12)) / 11, probabilities[0], 1e-12);
    }

    [Fact]
    public void Draws_have_these_probabilities()
    {
        var categorical = new Categorical(Spec, Table);
        var counts = new int[6];
        Span<int> levels = stackalloc int[2];
        for (var i = 0; i < 60_000; i++)
        {
            categorical.Draw(new CounterRandom(1, "draws"), i, levels);
            counts[levels[0] * 2 + levels[1]]++;
        }

        foreach (var (color, kind) in All)
        {
            var expected = Math.Exp(categorical.LogProb([color, kind]));
            Assert.Equal(expected, counts[color * 2 + kind] / 60_000.0, 4 * Math.Sqrt(expected / 60_000));
        }
    }

    [Fact]
    public void A_mixed_density_sums_and_integrates_to_one()
    {
        var spec = Flow();
        using var engine = FlowEngines.Create(spec);
        var random = new CounterRandom(2, "weights");
        for (var i = 0; i < engine.Parameters.Length; i++) engine.Parameters[i] += (float)(0.1 * random.Normal(i));
        var encoder = new RowEncoder(Table);
        const int Points = 4000;
        var total = 0.0;
        foreach (var (color, kind) in All)
        {
            double[] table = [.. Enumerable.Range(0, Points).SelectMany(i => new[] { color, -40 + 80.0 * (i + 0.5) / Points, kind })];
            var (rows, scores) = (new double[Points * encoder.FlowWidth], new float[Points]);
            encoder.Encode(table, rows);
            engine.LogDensity(rows, scores, []);
            total += scores.Sum(score => Math.Exp(score)) * 80 / Points;
        }

        Assert.Equal(1, total, 1e-3);
    }

    [Fact]
    public void The_engine_agrees_with_the_flow_and_its_gradient_knows_nothing_of_the_categories()
    {
        var spec = Flow();
        using var mixed = FlowEngines.Create(spec);
        using var alone = FlowEngines.Create(spec with { Categories = null });
        var encoder = new RowEncoder(Table);
        double[] table = [.. Enumerable.Range(0, 60).SelectMany(i => new[] { i % 3, i / 10.0, i % 2 })];
        var (rows, scores) = (new double[60 * encoder.FlowWidth], new float[60]);
        encoder.Encode(table, rows);
        mixed.LogDensity(rows, scores, []);
        var exact = TestFlows.ExactLogDensities(spec, mixed.Parameters, rows);
        for (var i = 0; i < 60; i++) Assert.Equal(exact[i], scores[i], 1e-4);
        var (gradient, other) = (new float[mixed.Parameters.Length], new float[mixed.Parameters.Length]);
        var loss = mixed.Gradient(rows, gradient);
        Assert.Equal(-scores.Sum(score => (double)score), loss, 1e-2);
        alone.Gradient(rows, other);
        Assert.Equal(other, gradient);
    }

    [Fact]
    public void A_spec_with_a_table_is_read_as_it_was_written()
    {
        var spec = Flow();
        var read = FlowSpecJson.Read(FlowSpecJson.Write(spec));
        Assert.Equal((spec.Table, spec.Categories, spec.Hash()), (read.Table, read.Categories, read.Hash()));
        using var json = JsonDocument.Parse(FlowSpecJson.Write(spec));
        Assert.Equal(["columns", "context"], json.RootElement.GetProperty("table").EnumerateObject().Select(property => property.Name)); // and nothing that follows from them
    }

    [Fact]
    public void A_table_that_does_not_give_the_flows_numbers_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => (Flow() with { Columns = ["y"] }).Validated());
        Assert.Contains("its columns do not give the numbers that the flow has", error.Message);
    }

    [Fact]
    public void Categories_that_do_not_fit_the_table_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => (Flow() with { Categories = new([new([3, 0], 1)]) }).Validated());
        Assert.Contains("a combination does not fit the table's columns", error.Message);
    }

    private static FlowSpec Flow()
    {
        var spec = TestFlows.Spec("nsf", dimension: 1, context: 3);
        return spec with { Columns = Table.FlowColumns, Context = Table.FlowContext, Table = Table, Categories = Spec };
    }
}
