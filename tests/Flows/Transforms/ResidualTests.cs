using FlowGrain.Flows;
using FlowGrain.Flows.Engines;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Transforms;

public sealed class ResidualTests
{
    [Fact]
    public void The_net_moves_no_two_rows_further_apart_than_they_are_whatever_its_weights()
    {
        using var scope = NewDisposeScope();
        var map = Layer(dimension: 3, spread: 3);
        var (x, y) = (Normals("x", 4000, 3), Normals("y", 4000, 3));
        var near = x.Plus(y.mul(0.01.ToScalar()));
        var moved = (Net(map, x) - Net(map, near)).Squared().sum(1).sqrt() / (x - near).Squared().sum(1).sqrt();
        Assert.InRange(moved.max().Item<double>(), 0.01, 0.97); // without bounds it would be in the hundreds
    }

    [Theory, InlineData(2), InlineData(20)]
    public void The_estimated_log_determinant_and_its_gradient_are_right_on_average(int always)
    {
        const int Draws = 20_000;
        using var scope = NewDisposeScope();
        var (map, exactly) = (Layer(dimension: 6, spread: 1), Layer(dimension: 6, spread: 1));
        var row = Normals("row", 1, 6);
        var (rows, alone) = (row.expand(Draws, 6).clone().detach(), row.clone().detach());
        (rows.requires_grad, alone.requires_grad) = (true, true);
        var random = new CounterRandom(8, "draws");
        var estimates = map.Estimated(rows, null, draw => random.At(draw), always).LogDet;
        var exact = exactly.Normalize(alone).LogDet;
        estimates.sum().backward();
        exact.sum().backward();
        Near(exact.detach(), estimates.detach().unsqueeze(1), "the log-determinant");
        Near(alone.grad!, rows.grad!, "its gradient");

        static void Near(Tensor exact, Tensor estimates, string what)
        {
            var error = (estimates.mean([0]) - exact.flatten()) / (estimates.std(0) / Math.Sqrt(Draws).ToScalar());
            Assert.True(error.abs().max().Item<double>() < 4.5, $"{what} is {error.abs().max().Item<double>():F1} standard errors off");
        }
    }

    [Fact]
    public void Beyond_the_columns_of_an_exact_determinant_a_row_is_given_the_same_estimate_every_time_near_the_exact_one()
    {
        const int Columns = Residual.MostExact + 6;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var map = Layer(Columns, spread: 0.3);
        var rows = Normals("rows", 128, Columns);
        var estimates = map.Normalize(rows).LogDet;
        Assert.Equal(estimates.narrow(0, 32, 64).data<double>().ToArray(), map.Normalize(rows.narrow(0, 32, 64)).LogDet.data<double>().ToArray());
        Assert.Equal(128, estimates.data<double>().Distinct().Count());
        Assert.True(new ResidualSpec(8, 2).Can(new FlowShape(Columns, 0)).HasFlag(Capability.Stochastic));
        Assert.False(new ResidualSpec(8, 2).Can(new FlowShape(Columns, 0)).HasFlag(Capability.ExactLogDet));
    }

    [Fact]
    public void Many_columns_of_training_rows_get_estimates_that_follow_from_their_draws_alone()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var map = Layer(dimension: Residual.MostExactInTraining + 1, spread: 1);
        var (rows, draw) = (Normals("rows", 100, map.Dimension), new TrainingDraw(new CounterRandom(1, "pass"), First: 1000));
        var whole = map.NormalizeInTraining(rows, null, draw).LogDet.data<double>().ToArray();
        Assert.Equal(whole[70..], map.NormalizeInTraining(rows.narrow(0, 70, 30), null, draw.After(70)).LogDet.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.NotEqual(whole, map.NormalizeInTraining(rows, null, draw.After(1)).LogDet.data<double>().ToArray());
    }

    private static Tensor Net(Residual map, Tensor x) => map.Normalize(x).Value - x;

    private static Residual Layer(int dimension, double spread)
    {
        var (shape, spec) = (new FlowShape(dimension, 0), new ResidualSpec(16, 2));
        var layout = ParameterLayout.Of(scope => spec.Declare(scope.In("0"), shape));
        var views = new ParameterViews(layout, ScalarType.Float64);
        var random = new CounterRandom(4, "weights");
        using var noGradient = no_grad();
        views.Values.copy_(tensor(layout.Initialize(3).Select((value, i) => value + spread * random.Normal(i)).ToArray()));
        return (Residual)spec.Build(views.In("0"), shape, ScalarType.Float64);
    }

    private static Tensor Normals(string purpose, int rows, int columns)
    {
        var random = new CounterRandom(5, purpose);
        return tensor(Enumerable.Range(0, rows * columns).Select(i => random.Normal(i)).ToArray(), rows, columns);
    }

    [Fact]
    public void Draws_in_float32_end_where_rounding_keeps_their_steps_from_vanishing()
    {
        const int Rows = 4096;

        var spec = TestFlows.Spec("residual", 6, sizes: [("transforms", 8), ("hidden", 32), ("layers", 2)]);
        using var engine = new TorchEngine(spec);
        TestFlows.Weights(spec, spread: 2).CopyTo(engine.Parameters); // layers that stretch as much as they may, between matrices that lead far out
        var (latent, rows) = (new float[Rows * 6], new double[Rows * 6]);
        engine.Draw(new CounterRandom(1, "latent"), 0, [], latent);
        engine.Generate(latent, [], rows);
        Assert.All(rows, value => Assert.True(double.IsFinite(value)));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(6)]
    public void Draws_in_float32_come_back_to_where_they_were_drawn_however_strong_the_layers(int dimension)
    {
        const int Rows = 4096;

        var spec = TestFlows.Spec("residual", dimension, sizes: [("transforms", 8), ("hidden", 32), ("layers", 2)]);
        using var engine = new TorchEngine(spec);
        var (strong, layout) = (TestFlows.Weights(spec, spread: 2), spec.Layout());
        layout.Initialize(spec.Seed).Select(value => (float)value).ToArray().CopyTo(engine.Parameters);
        foreach (var block in layout.Blocks.Where(block => block.Name.Contains(".net.", StringComparison.Ordinal))) strong.AsSpan(block.Offset, block.Count).CopyTo(engine.Parameters[block.Offset..]);
        var (latent, rows, back) = (new float[Rows * dimension], new double[Rows * dimension], new float[Rows * dimension]);
        engine.Draw(new CounterRandom(1, "latent"), 0, [], latent);
        engine.Generate(latent, [], rows);
        engine.LogDensity(rows, new float[Rows], back);
        Assert.InRange(latent.Zip(back, (there, again) => Math.Abs(there - again) / (1 + Math.Abs(there))).Max(), 0, 1e-3);
    }
}
