using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Tables;
using static FlowGrain.Tests.Flows.Engines.TestEngines;

namespace FlowGrain.Tests.Flows.Engines;

/// <summary>What the density of a row is that lacks values.</summary>
public sealed class MissingValueLaws
{
    public static TheoryData<string, string> Kinds =>
    [
        .. from engine in All from kind in new[] { "maf missing=1", "nsf-ar missing=1", "nsf-ar missing=1 mapped=1", "naf missing=1" }
           where engine.Value.Runs(TestFlows.Spec(kind, 3)) select new TheoryDataRow<string, string>(engine.Key, kind),
    ];

    [Theory, MemberData(nameof(Kinds))]
    public void The_density_of_what_is_there_integrates_to_one_whatever_is_missing(string engineName, string kind)
    {
        var spec = TestFlows.Spec(kind, dimension: 3); // of which the first and the last may be missing
        using var engine = new MissingEngine(Engine(engineName, spec));
        foreach (var known in new[] { new[] { 1 }, [0, 1], [1, 2] }) Assert.Equal(1, Integral(engine, known), 5e-3);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void What_stands_for_a_missing_value_does_not_change_the_density(string engineName, string kind)
    {
        var spec = TestFlows.Spec(kind, dimension: 3);
        using var engine = new MissingEngine(Engine(engineName, spec));
        double[] Row(double deviations) =>
            [TestFlows.FromDeviations(spec, 0, 0.4), TestFlows.FromDeviations(spec, 1, -0.7), TestFlows.FromDeviations(spec, 2, deviations), 1, 0]; // the last is missing: no column sees it
        var scores = new float[2];
        engine.LogDensity([.. Row(0.1), .. Row(-1.4)], scores, []);
        Assert.Equal(scores[0], scores[1], 1e-4);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_loss_is_that_of_the_densities_and_a_column_that_is_always_missing_has_no_gradient(string engineName, string kind)
    {
        var spec = TestFlows.Spec(kind, dimension: 3);
        using var engine = new MissingEngine(Engine(engineName, spec));
        var rows = TestFlows.Rows(spec, 100);
        for (var row = 0; row < 100; row++) rows[(row * 5) + 4] = 0;
        var (gradient, scores) = (new float[engine.Parameters.Length], new float[100]);
        var loss = engine.Gradient(rows, gradient);
        engine.LogDensity(rows, scores, []);
        Assert.Equal(-scores.Sum(score => (double)score), loss, 0.02);
        var layout = spec.Layout();
        var outputs = layout.Blocks.Where(block => block.Name.EndsWith("out.bias", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(outputs);
        foreach (var block in outputs)
        {
            var biases = gradient.AsSpan(block.Offset, block.Count);
            Assert.All(biases[(2 * biases.Length / 3)..].ToArray(), value => Assert.Equal(0, value)); // of the last column
            Assert.Contains(biases[..(2 * biases.Length / 3)].ToArray(), value => value != 0);
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Float64_finds_the_same_density_of_what_is_there(string engineName, string kind)
    {
        var spec = TestFlows.Spec(kind, dimension: 3);
        using var engine = new MissingEngine(Engine(engineName, spec));
        var rows = TestFlows.Rows(spec, 100);
        for (var row = 0; row < 100; row++) rows[(row * 5) + 4] = row % 2;
        Assert.InRange(LogDensityError.Of(engine, rows)!.High, 0, LogDensityError.Fine);
    }

    [Fact]
    public void A_flow_that_mixes_its_columns_cannot_lack_one()
    {
        var spec = TestFlows.Spec("maf missing=1", 3);
        var error = Assert.Throws<ArgumentException>(() => (spec with { Transforms = TestFlows.Spec("nsf", 3).Transforms }).Validated());
        Assert.Contains("missing: only autoregressive layers, all in one order, can do without a value.", error.Message);
        Assert.Contains("missing: it needs ascending positions of columns.", Assert.Throws<ArgumentException>(() => (spec with { Missing = [2, 0] }).Validated()).Message);
        Assert.Equal(spec.Hash(), FlowSpecJson.Read(FlowSpecJson.Write(spec)).Hash());
    }

    [Fact]
    public void A_table_says_which_of_its_values_are_there()
    {
        var table = new TableSpec([new NumberColumn("a") { Fill = 7 }, new NumberColumn("b"), new LatticeColumn("c", 1) { Fill = 3 }], [new NumberColumn("d")]);
        Assert.Equal(["a", "b", "c"], table.FlowColumns);
        Assert.Equal(["d", "a is known", "c is known"], table.FlowContext);
        Assert.Equal([0, 2], table.Missing!.Value.ToArray());
        var encoder = new RowEncoder(table);
        var rows = new double[12];
        encoder.Encode([1, 2, double.NaN, 4, double.NaN, 2, 5, 4], rows);
        Assert.Equal([1, 2, 3, 4, 1, 0], rows[..6]);
        Assert.Equal([7, 2, 4, 0, 1], rows.Skip(6).Where((_, i) => i != 2));
        Assert.InRange(rows[8], 5, 6); // a whole number is spread
        Assert.Equal([4, 1, 1], encoder.EncodeContext([double.NaN, double.NaN, double.NaN, 4]));
        var (one, other) = (new double[6], new double[6]);
        encoder.Encode([1, 2, double.NaN, 4], one);
        encoder.Encode([1, 2, BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0001), 4], other); // another NaN of the same meaning
        Assert.Equal(one, other);
        Assert.Equal((false, false), (encoder.IsWhole(rows.AsSpan(0, 6)), encoder.IsWhole(rows.AsSpan(6))));
    }

    /// <summary>∫ p(x) dx over the columns that are known, by the midpoints of a grid.</summary>
    private static double Integral(MissingEngine engine, int[] known)
    {
        const int Nodes = 400;
        const double Reach = 14; // deviations

        var (spec, points) = (engine.Spec, (int)Math.Pow(Nodes, known.Length));
        var (rows, volumes, scores) = (new double[points * 5], new double[points], new float[points]);
        for (var point = 0; point < points; point++)
        {
            var row = rows.AsSpan(point * 5, 5);
            for (var column = 0; column < 3; column++) row[column] = TestFlows.FromDeviations(spec, column, 0.4);
            (volumes[point], row[3], row[4]) = (1, known.Contains(0) ? 1 : 0, known.Contains(2) ? 1 : 0);
            for (var (axis, index) = (0, point); axis < known.Length; axis++, index /= Nodes)
            {
                double At(double node) => TestFlows.FromDeviations(spec, known[axis], Reach * ((2 * node / Nodes) - 1));
                row[known[axis]] = At(index % Nodes + 0.5);
                volumes[point] *= At(index % Nodes + 1) - At(index % Nodes);
            }
        }

        engine.LogDensity(rows, scores, []);
        return scores.Zip(volumes, (score, volume) => volume * Math.Exp(score)).Sum();
    }
}
