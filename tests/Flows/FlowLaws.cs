using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

/// <summary>What must hold for every preset, with weights far from the identity. A new one is in here by being in <see cref="TestFlows.Kinds"/>.</summary>
public sealed class FlowLaws
{
    public static MatrixTheoryData<string, int, int> Shapes => new(TestFlows.Kinds, [1, 2, 5], [0, 2]);

    public static MatrixTheoryData<string, int, int> Planes => new(TestFlows.Kinds, [1, 2], [0, 2]);

    /// <summary>Flows that reach as far as their standardisation does: a bounded column ends sooner.</summary>
    public static TheoryData<string> Presets => [.. TestFlows.Kinds.Where(kind => TestFlows.Spec(kind, 1).Marginal() is null)];

    [Theory, MemberData(nameof(Planes))]
    public void The_density_integrates_to_one(string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.15)); // with 0.3, splines were too sharp for the grid
        double[] given = [.. spec.ContextScaling?.Shift.Select(shift => shift + 0.4) ?? []];
        Assert.Equal(1, Quadrature.Integral(flow, given), 1e-3);
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_draw_has_the_log_density_that_came_with_it(string preset, int dimension, int context)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var spec = TestFlows.Spec(preset, dimension, context);
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.3));
        var given = TestFlows.Split(spec, TestFlows.Rows(spec, 200)).Context;
        var (x, sampled) = flow.Sample(new CounterRandom(3, "draws"), first: 10, rows: 200, given);
        var worst = (flow.LogProb(x, given) - sampled).abs().max().Item<double>();
        Assert.True(worst < 1e-7, $"off by {worst:g3} nats"); // near a bound x itself has few digits left
    }

    [Theory, MemberData(nameof(Shapes))]
    public void A_saved_flow_gives_the_same_bits_when_it_is_loaded(string preset, int dimension, int context)
    {
        var spec = TestFlows.Spec(preset, dimension, context);
        var file = new MemoryStream();
        Safetensors.Write(file, spec.Layout(), TestFlows.Weights(spec));
        file.Position = 0;
        var loaded = FlowSpecJson.Read(FlowSpecJson.Write(spec));
        Assert.Equal(
            LogDensity(spec, TestFlows.Weights(spec), TestFlows.Rows(spec, 100)),
            LogDensity(loaded, Safetensors.Read(file, loaded.Layout()), TestFlows.Rows(spec, 100)));
    }

    [Theory, InlineData(0, 2), InlineData(2, 0), InlineData(2, 1)]
    public void A_context_of_another_width_is_refused_with_both_widths(int context, int given)
    {
        using var scope = NewDisposeScope();
        var spec = TestFlows.Spec("nsf", 2, context);
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec));
        var x = zeros(3, 2, ScalarType.Float64);
        var error = Assert.Throws<ArgumentException>(() => flow.LogProb(x, given == 0 ? null : zeros(3, given, ScalarType.Float64)));
        Assert.StartsWith($"The flow is conditioned on {context} columns, and {given} were given.", error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Presets))]
    public void Fifty_layers_stay_finite_fifty_deviations_out(string preset)
    {
        var spec = TestFlows.Spec(preset, 3, 0, ("transforms", 50));
        double[] rows = [.. from a in Far from b in Far from c in Far from value in At(spec, a, b, c) select value];
        using var engine = new TorchEngine(spec);
        TestFlows.Weights(spec, spread: 0.05).CopyTo(engine.Parameters);
        var (gradient, logDensity) = (new float[engine.Parameters.Length], new float[27]);
        engine.LogDensity(rows, logDensity, []);
        Assert.True(double.IsFinite(engine.Gradient(rows, gradient)), "the loss is not finite");
        Assert.All(logDensity, value => Assert.True(float.IsFinite(value), $"log-density {value}"));
        Assert.True(gradient.All(float.IsFinite), "the gradient is not finite");
    }

    [Theory, MemberData(nameof(Presets))]
    public void A_flow_begins_as_the_gaussian_of_its_standardisation(string preset)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var spec = TestFlows.Spec(preset, dimension: 4);
        using var flow = Flow.Build(spec, ScalarType.Float64);
        // Sigmoids that were equal would stay so: these begin near the identity, within 0.02 nats a layer and column up to two deviations out.
        var (spread, allowed) = preset is "naf" or "naf missing=1" or "gaussianization" ? (0.7, 0.3) : (1.5, 1e-9);
        var (x, context) = TestFlows.Split(spec, TestFlows.Rows(spec, 50, spread));
        var scaling = spec.Standardize();
        var z = (x - tensor(scaling.Shift.ToArray())) / tensor(scaling.Scale.ToArray());
        var expected = -z.Squared().sum(1).mul(Scalars.Half) - tensor(scaling.Scale.Sum(Math.Log) + 2 * Math.Log(2 * Math.PI));
        Assert.InRange((flow.LogProb(x, context) - expected).abs().max().Item<double>(), 0, allowed);
    }

    private static double[] Far => [-50, 0, 50];

    private static double[] At(FlowSpec spec, params double[] deviations) =>
        [.. deviations.Select((z, column) => spec.Standardize().Shift[column] + z * spec.Standardize().Scale[column]), .. spec.Context.Select(_ => 1.0)]; // nothing is missing

    private static float[] LogDensity(FlowSpec spec, float[] weights, double[] rows)
    {
        using var engine = new TorchEngine(spec);
        weights.CopyTo(engine.Parameters);
        var logDensity = new float[100];
        engine.LogDensity(rows, logDensity, []);
        return logDensity;
    }
}
