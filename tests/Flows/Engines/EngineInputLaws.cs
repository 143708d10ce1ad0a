using FlowGrain.Flows.Engines;
using static FlowGrain.Tests.Flows.Engines.TestEngines;

namespace FlowGrain.Tests.Flows.Engines;

/// <summary>What must hold for every engine when rows are none, far, infinite, no numbers, or do not fit.</summary>
public sealed class EngineInputLaws
{
    [Theory, MemberData(nameof(TestEngines.Names), MemberType = typeof(TestEngines))]
    public void No_rows_have_no_gradient_and_no_loss(string engineName)
    {
        using var engine = Engine(engineName, TestFlows.Spec("nsf", 2));
        var gradient = Enumerable.Repeat(1f, engine.Parameters.Length).ToArray();
        Assert.Equal(0, engine.Gradient([], gradient));
        Assert.All(gradient, value => Assert.Equal(0, value));
        engine.LogDensity([], [], []);
    }

    [Theory, MemberData(nameof(TestEngines.Shapes), MemberType = typeof(TestEngines))]
    public void Not_a_number_gives_not_a_number_and_touches_no_neighbour(string engineName, string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var (width, rows) = (dimension + spec.Context.Length, TestFlows.Rows(spec, 40));
        using var engine = Engine(engineName, spec);
        var (clean, scores) = (new float[40], new float[40]);
        engine.LogDensity(rows, clean, []);
        rows[17 * width + dimension + context - 1] = double.NaN;
        engine.LogDensity(rows, scores, []);
        Assert.True(float.IsNaN(scores[17]), $"{scores[17]:R}");
        for (var row = 0; row < 40; row++) Assert.True(row == 17 || Same(clean[row], scores[row]), $"row {row}: {scores[row]:R}, else {clean[row]:R}");
    }

    [Theory, MemberData(nameof(TestEngines.Unbounded), MemberType = typeof(TestEngines))]
    public void Far_rows_have_finite_densities_and_gradients(string engineName, string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var rows = TestFlows.Rows(spec, 40);
        foreach (var (row, value) in new[] { (3, 1e6), (4, -1e6), (5, double.Epsilon), (6, 1e-40) })
            rows.AsSpan(row * (dimension + spec.Context.Length), dimension).Fill(value);
        using var engine = Engine(engineName, spec);
        var (scores, gradient) = (new float[40], new float[engine.Parameters.Length]);
        engine.LogDensity(rows, scores, []);
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
        Assert.True(double.IsFinite(engine.Gradient(rows, gradient)));
        Assert.All(gradient, value => Assert.True(float.IsFinite(value)));
    }

    [Theory, MemberData(nameof(TestEngines.Shapes), MemberType = typeof(TestEngines))]
    public void Infinite_rows_are_answered_and_no_density_of_them_is_finite(string engineName, string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var rows = TestFlows.Rows(spec, 40);
        foreach (var (row, value) in new[] { (3, double.PositiveInfinity), (4, double.NegativeInfinity), (5, 1e300) })
            rows.AsSpan(row * (dimension + spec.Context.Length), dimension).Fill(value);
        using var engine = Engine(engineName, spec);
        var scores = new float[40];
        engine.LogDensity(rows, scores, []);
        engine.Gradient(rows, new float[engine.Parameters.Length]);
        for (var row = 0; row < 40; row++) Assert.Equal(row is not (3 or 4) && (row != 5 || spec.Shape().Lines.IsEmpty), float.IsFinite(scores[row])); // an angle may be any finite number
    }

    [Theory, MemberData(nameof(TestEngines.Conditional), MemberType = typeof(TestEngines))]
    public void Context_that_is_not_a_number_gives_no_density_and_no_draw_however_far_the_row(string engineName, string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var width = dimension + spec.Context.Length;
        using var engine = Engine(engineName, spec);
        var (rows, scores, latent, draws) = (TestFlows.Rows(spec, 8), new float[8], new float[8 * dimension], new double[8 * dimension]);
        rows.AsSpan(3 * width, dimension).Fill(1e4);
        latent.AsSpan(3 * dimension, dimension).Fill(100);
        rows.AsSpan(3 * width + dimension, width - dimension).Fill(1); // nothing is missing
        rows.AsSpan(3 * width + dimension, context).Fill(double.NaN);
        engine.LogDensity(rows, scores, []);
        engine.Generate(latent, RoundTrip.Context(rows, dimension, spec.Context.Length), draws);
        for (var row = 0; row < 8; row++)
        {
            Assert.Equal(row == 3, float.IsNaN(scores[row]));
            Assert.Equal(row == 3, draws.AsSpan(row * dimension, dimension).ToArray().All(double.IsNaN));
        }
    }

    [Theory, MemberData(nameof(TestEngines.Names), MemberType = typeof(TestEngines))]
    public void Sizes_that_do_not_fit_are_refused_in_a_sentence(string engineName)
    {
        using var engine = Engine(engineName, TestFlows.Spec("nsf", 2, context: 1));
        var gradient = new float[engine.Parameters.Length];
        (string Sentence, Action Call)[] faults =
        [
            ("5 numbers are no whole rows of 3 columns.", () => engine.Gradient(new double[5], gradient)),
            ($"A gradient of 7 numbers does not fit a flow of {gradient.Length} parameters.", () => engine.Gradient(new double[6], new float[7])),
            ("4 numbers are no whole rows of 3 columns.", () => engine.LogDensity(new double[4], new float[1], [])),
            ("1 log-densities are asked for of 2 rows.", () => engine.LogDensity(new double[6], new float[1], [])),
            ("3 numbers are no latents of 2 rows of 2 columns.", () => engine.LogDensity(new double[6], new float[2], new float[3])),
            ("2 latent numbers do not make 4 numbers in rows of 2 columns.", () => engine.Generate(new float[2], new double[2], new double[4])),
            ("0 context numbers do not go with 2 rows of 1 context columns.", () => engine.Generate(new float[4], [], new double[4])),
        ];
        foreach (var (sentence, call) in faults) Assert.Equal(sentence, Assert.Throws<ArgumentException>(call).Message);
    }
}
