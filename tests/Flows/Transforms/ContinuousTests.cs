using FlowGrain.Flows;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Transforms;

public sealed class ContinuousTests
{
    private const double Tolerance = 1e-11;

    [Fact]
    public void Two_parts_of_the_way_are_the_whole_way()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (map, _) = Build(Tolerance);
        var (x, context) = (Normals("x", 64, 3), Normals("context", 64, 2));
        var whole = map.Between(0, Continuous.BaseAngle, x, context);
        var first = map.Between(0, 0.4, x, context);
        var second = map.Between(0.4, Continuous.BaseAngle, first.Value, context);
        Near(whole.Value, second.Value, 1e-9);
        Near(whole.LogDet, first.LogDet.Plus(second.LogDet), 1e-9);
    }

    [Fact]
    public void A_smaller_tolerance_is_nearer_to_the_solution()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var x = (Normals("x", 64, 3), Normals("context", 64, 2));
        var exact = Build(1e-12).Map.Normalize(x.Item1, x.Item2).LogDet;
        double[] errors = [.. new[] { 1e-3, 1e-5, 1e-7 }.Select(tolerance => (Build(tolerance).Map.Normalize(x.Item1, x.Item2).LogDet - exact).abs().max().Item<double>())];
        Assert.True(errors[0] < 0.05 && errors[1] < errors[0] / 10 && errors[2] < errors[1] / 10, string.Join(", ", errors));
    }

    [Fact]
    public void The_adjoint_has_the_gradients_of_backpropagation_through_the_solver()
    {
        using var scope = NewDisposeScope();
        var (x, given) = (Normals("x", 16, 3), Normals("context", 16, 2));
        var (adjoint, throughout) = (Gradients(Checkpointed), Gradients(Remembered));
        Near(throughout.Rows, adjoint.Rows, 1e-10);
        Near(throughout.Context, adjoint.Context, 1e-10);
        Near(throughout.Parameters, adjoint.Parameters, 1e-10);

        (Tensor Rows, Tensor Context, Tensor Parameters) Gradients(Func<Continuous, Tensor, Tensor, Mapped> normalize)
        {
            var (map, views) = Build(1e-6);
            var (start, context) = (x.clone().detach(), given.clone().detach());
            (start.requires_grad, context.requires_grad) = (true, true);
            var (z, logDet) = normalize(map, start, context);
            (z.Squared().sum() - logDet.sum()).backward();
            return (start.grad!, context.grad!, views.Gradient);
        }

        Mapped Checkpointed(Continuous map, Tensor start, Tensor context) => map.Normalize(start, context);

        Mapped Remembered(Continuous map, Tensor start, Tensor context)
        {
            var (steps, state) = (new List<OdeStep>(), cat([start, zeros(16, 1, ScalarType.Float64)], 1));
            var field = map.Field.WithDivergence(context);
            DormandPrince.Solve(field, state.detach(), 0, Continuous.BaseAngle, 1e-6, step => steps.Add(new OdeStep(step.Start, step.Time.clone().DetachFromDisposeScope(), step.Size.clone().DetachFromDisposeScope())));
            foreach (var step in steps) state = DormandPrince.Step(field, step with { Start = state });
            return new Mapped(state.narrow(1, 0, 3), state.select(1, 3));
        }
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance) => Assert.InRange((expected - actual).abs().max().Item<double>(), 0, tolerance);

    private static (Continuous Map, ParameterViews Views) Build(double tolerance)
    {
        var (shape, spec) = (new FlowShape(3, 2), new ContinuousSpec(8, tolerance));
        var layout = ParameterLayout.Of(scope => spec.Declare(scope.In("0"), shape));
        var views = new ParameterViews(layout, ScalarType.Float64);
        var random = new CounterRandom(4, "weights");
        using var noGradient = no_grad();
        views.Values.copy_(tensor(layout.Initialize(3).Select((value, i) => value + 0.4 * random.Normal(i)).ToArray()));
        return ((Continuous)spec.Build(views.In("0"), shape, ScalarType.Float64), views);
    }

    private static Tensor Normals(string purpose, int rows, int columns)
    {
        var random = new CounterRandom(5, purpose);
        return tensor(Enumerable.Range(0, rows * columns).Select(i => random.Normal(i)).ToArray(), rows, columns);
    }
}
