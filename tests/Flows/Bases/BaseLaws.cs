using FlowGrain.Flows;
using FlowGrain.Flows.Bases;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Bases;

/// <summary>What must hold for every base, in float64, with parameters away from their initial values. A new base adds one row here.</summary>
public sealed class BaseLaws
{
    private static readonly Dictionary<string, BaseSpec> Cases = new()
    {
        ["standard-normal"] = new StandardNormalSpec(),
        ["diagonal-normal"] = new DiagonalNormalSpec(),
        ["student-t"] = new StudentTSpec(3),
        ["box-uniform"] = new BoxUniformSpec(2),
        ["mixture of normals"] = new MixtureSpec([new DiagonalNormalSpec(3), new DiagonalNormalSpec(3), new StandardNormalSpec()]),
        ["mixture of a flow and a t"] = new MixtureSpec([new FlowBaseSpec([new LuLinearSpec()], new StandardNormalSpec()), new StudentTSpec()]),
        ["resampled"] = new ResampledSpec(new MlpSpec(16, 2)),
        ["resampled, three proposals"] = new ResampledSpec(new MlpSpec(16, 2), Proposals: 3),
        ["flow"] = new FlowBaseSpec([new PlanarSpec(), new LuLinearSpec()], new DiagonalNormalSpec()),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    public static MatrixTheoryData<string, int> Spaces => new(Cases.Keys.Where(name => name != "box-uniform"), [1, 2]); // no grid follows the edges of a box

    public static TheoryData<string> Learned => [.. Cases.Keys.Where(name => name is not ("standard-normal" or "box-uniform"))];

    [Theory, MemberData(nameof(Spaces))]
    public void The_density_integrates_to_one(string name, int dimension)
    {
        using var flow = Built(name, dimension);
        Assert.Equal(1, Quadrature.Integral(flow, []), 1e-3);
    }

    [Theory, MemberData(nameof(Names))]
    public void Draws_fall_where_the_density_says(string name)
    {
        const int Draws = 40_000;
        const int Bins = 20;

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Built(name, dimension: 1);
        var draws = flow.Sample(new CounterRandom(4, "draws"), first: 0, Draws).X.data<double>().Order().ToArray();
        for (var bin = 1; bin < Bins - 1; bin++)
        {
            var (low, high) = (draws[bin * Draws / Bins], draws[(bin + 1) * Draws / Bins]);
            Assert.Equal(1.0 / Bins, Mass(flow, low, high), 6 * Math.Sqrt(2.0 / Bins / Draws));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_draw_depends_on_its_number_alone_and_has_the_log_density_that_came_with_it(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Built(name, dimension: 3);
        var random = new CounterRandom(4, "draws");
        var (all, logProb) = flow.Sample(random, first: 0, rows: 50);
        var (some, _) = flow.Sample(random, first: 20, rows: 30);
        Assert.Equal(all.narrow(0, 20, 30).data<double>().ToArray(), some.data<double>().ToArray());
        Assert.InRange((flow.LogProb(all) - logProb).abs().max().Item<double>(), 0, 1e-9);
    }

    [Theory, MemberData(nameof(Learned))]
    public void Gradients_reach_every_parameter(string name)
    {
        using var scope = NewDisposeScope();
        using var flow = Built(name, dimension: 3);
        var x = tensor(Enumerable.Range(0, 90).Select(i => 0.7 * new CounterRandom(5, "x").Normal(i)).ToArray(), 30, 3);
        flow.LogProb(x).sum().backward();
        foreach (var block in flow.Parameters.Layout.Blocks.Where(block => block.Name.StartsWith("base.", StringComparison.Ordinal) && !block.Name.EndsWith("lu", StringComparison.Ordinal)))
            Assert.True(flow.Parameters[block.Name].grad!.count_nonzero().Item<long>() > 0, $"no gradient reaches {block.Name}");
    }

    [Theory, MemberData(nameof(Names))]
    public void Float32_computes_the_same_density_to_its_digits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var exact = Built(name, dimension: 3);
        using var single = Flow.Build(exact.Spec, ScalarType.Float32);
        single.Parameters.Values.copy_(exact.Parameters.Values);
        var x = tensor(Enumerable.Range(0, 90).Select(i => 0.7f * (float)new CounterRandom(5, "x").Normal(i)).ToArray(), 30, 3);
        var (expected, rounded) = (exact.LogProb(x.to_type(ScalarType.Float64)), single.LogProb(x));
        Assert.Equal(ScalarType.Float32, rounded.dtype);
        var inside = expected.isfinite(); // beyond a box there is nothing in either
        Assert.Equal(inside.data<bool>().ToArray(), rounded.isfinite().data<bool>().ToArray());
        var worst = (where(inside, expected, zeros_like(expected)) - where(inside, rounded.to_type(ScalarType.Float64), zeros_like(expected))).abs().max().Item<double>();
        Assert.True(worst < 1e-4, $"off by {worst:g3} nats");
    }

    [Fact]
    public void A_resampled_base_trains_beside_points_that_are_fresh_in_every_step_and_right_on_average()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = Built("resampled", dimension: 2);
        var x = tensor(Enumerable.Range(0, 60).Select(i => new CounterRandom(5, "x").Normal(i)).ToArray(), 30, 2);
        var served = -flow.LogProb(x).sum().Item<double>();
        double[] losses = [.. Enumerable.Range(0, 64).Select(step => Loss(step, first: 0))];
        Assert.Equal(Loss(7, first: 0), losses[7]); // whoever computes it
        Assert.Equal(64, losses.Distinct().Count());
        Assert.NotEqual(losses[7], Loss(7, first: 512)); // another shard of the same pass
        Assert.Equal(served, losses.Average(), 1e-3 * 30);

        double Loss(int step, long first) => flow.Loss(x, null, new TrainingDraw(new CounterRandom(1, "training").At(step), first)).Item<double>();
    }

    [Theory, InlineData("mixture"), InlineData("flow")]
    public void A_resampled_base_within_another_trains_beside_fresh_points_too(string around)
    {
        BaseSpec resampled = Cases["resampled"];
        var spec = Spec("resampled", 2) with { Base = around == "flow" ? new FlowBaseSpec([new LuLinearSpec()], resampled) : new MixtureSpec([resampled, new StandardNormalSpec()]) };
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.3));
        var x = ones(5, 2, ScalarType.Float64);
        Assert.NotEqual(flow.Loss(x, null, new TrainingDraw(new CounterRandom(1, "a"), 0)).Item<double>(), flow.Loss(x, null, new TrainingDraw(new CounterRandom(1, "b"), 0)).Item<double>());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_base_survives_its_json_and_has_one_hash(string name)
    {
        var spec = Spec(name, dimension: 2);
        var read = FlowSpecJson.Read(FlowSpecJson.Write(spec));
        Assert.Equal(spec.Base, read.Base);
        Assert.Equal(spec.Hash(), read.Hash());
    }

    [Theory, MemberData(nameof(Names))]
    public void An_engine_draws_from_it(string name)
    {
        var spec = Spec(name, dimension: 2);
        using var engine = FlowEngines.Create(spec);
        spec.Layout().Initialize(spec.Seed).Select(value => (float)value).ToArray().CopyTo(engine.Parameters);
        float[] all = new float[40], some = new float[20];
        engine.Draw(new CounterRandom(1, "draws"), 0, [], all);
        engine.Draw(new CounterRandom(1, "draws"), 10, [], some);
        Assert.Equal(all[20..], some);
        Assert.All(all, value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_t_of_many_degrees_of_freedom_is_a_normal_in_float32_too()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var freedom = tensor(new[] { 16f, 18f }); // logarithms
        var x = tensor(new[] { 0.5f, -2 }, 1, 2);
        Assert.Equal(-0.5 * (0.25 + 4) - Math.Log(2 * Math.PI), new StudentT(freedom).LogProb(x).Item<float>(), 1e-4);
    }

    [Fact]
    public void Parameters_that_make_no_density_are_named()
    {
        var faults = Assert.Throws<ArgumentException>(() => (Spec("flow", 2) with { Base = new MixtureSpec([new StudentTSpec(0), new BoxUniformSpec(-1), new ResampledSpec(new ConstantSpec(), 0)]) }).Validated()).Message;
        Assert.All((string[])["student-t has 0 degrees", "box-uniform has bound -1", "resampled has 0 proposals", "resampled needs a net"], part => Assert.Contains(part, faults, StringComparison.Ordinal));
    }

    private static FlowSpec Spec(string name, int dimension) => new()
    {
        Preset = "",
        Columns = [.. Enumerable.Range(0, dimension).Select(column => $"x{column}")],
        Transforms = [new StandardizeSpec([.. Enumerable.Repeat(0.0, dimension)], [.. Enumerable.Repeat(1.0, dimension)])],
        Base = Cases[name],
    };

    private static Flow Built(string name, int dimension)
    {
        var spec = Spec(name, dimension);
        return TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.3));
    }

    private static double Mass(Flow flow, double low, double high)
    {
        const int Points = 2000;
        var x = Enumerable.Range(0, Points).Select(i => low + (high - low) * (i + 0.5) / Points).ToArray();
        return flow.LogProb(tensor(x, Points, 1)).exp().mean().Item<double>() * (high - low);
    }
}
