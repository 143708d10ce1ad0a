using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Transforms;

public sealed class AutoregressiveTests
{
    private const int Rows = 64;

    private static readonly ConditionerSpec[] Nets = [new MlpSpec(5, 1), new MlpSpec(13, 3), new ResidualNetSpec(5, 0), new ResidualNetSpec(16, 2)];

    public static MatrixTheoryData<int, int, int> Cases => new(Enumerable.Range(0, Nets.Length), [2, 3, 5], [0, 2]);

    public static MatrixTheoryData<int, int, int> Given => new(Enumerable.Range(0, Nets.Length), [1, 2, 5], [1, 3]);

    [Theory, MemberData(nameof(Cases))]
    public void A_column_depends_on_every_column_before_it_and_on_none_after(int net, int dimension, int context)
    {
        using var scope = NewDisposeScope();
        using var views = Views(Spec(net), new FlowShape(dimension, context), perturbed: true);
        var map = Spec(net).Build(views.In("0"), new FlowShape(dimension, context), ScalarType.Float64);
        var jacobian = Jacobian(map, Positive("x", dimension, Rows), context == 0 ? null : Positive("c", context, Rows));
        for (var z = 0; z < dimension; z++)
        {
            for (var x = 0; x < dimension; x++) Assert.Equal(x <= z, jacobian[z, x] != 0);
        }
    }

    [Theory, MemberData(nameof(Given))]
    public void Every_column_depends_on_every_column_of_the_context(int net, int dimension, int context)
    {
        using var scope = NewDisposeScope();
        var shape = new FlowShape(dimension, context);
        using var views = Views(Spec(net), shape, perturbed: true);
        var map = Spec(net).Build(views.In("0"), shape, ScalarType.Float64);
        var given = Positive("c", context, Rows);
        given.requires_grad = true;
        var (z, _) = map.Normalize(Positive("x", dimension, Rows), given);
        for (var column = 0; column < dimension; column++)
        {
            var gradient = autograd.grad([z.select(1, column).sum()], [given], retain_graph: true)[0];
            Assert.True(gradient.abs().sum([0L]).gt(Scalars.Zero).all().Item<bool>(), $"column {column} does not see all of the context");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void What_is_masked_begins_at_zero_and_gets_no_gradient(int net, int dimension, int context)
    {
        using var scope = NewDisposeScope();
        var shape = new FlowShape(dimension, context);
        using var views = Views(Spec(net), shape, perturbed: false);
        var initial = views.Values.data<double>().ToArray();
        Perturb(views, spread: 0.3);
        var (z, logDet) = Spec(net).Build(views.In("0"), shape, ScalarType.Float64)
            .Normalize(Positive("x", dimension, Rows), context == 0 ? null : Positive("c", context, Rows));
        z.Squared().sum().Plus(logDet.sum()).backward();
        var gradient = views.Gradient.data<double>().ToArray();
        var masked = Masked(views.Layout);
        Assert.NotEmpty(masked);
        Assert.All(masked, index => Assert.Equal((0.0, 0.0), (initial[index], gradient[index])));
    }

    [Fact]
    public void What_lies_behind_a_mask_does_not_matter()
    {
        using var scope = NewDisposeScope();
        var shape = new FlowShape(4, 1);
        using var clean = Views(Spec(3), shape, perturbed: true);
        using var dirty = Views(Spec(3), shape, perturbed: true);
        using var noGradient = no_grad();
        foreach (var index in Masked(dirty.Layout)) dirty.Values.narrow(0, index, 1).fill_(Scalars.Two);
        var (x, c) = (Positive("x", 4, Rows), Positive("c", 1, Rows));
        var (expected, actual) = (Spec(3).Build(clean.In("0"), shape, ScalarType.Float64), Spec(3).Build(dirty.In("0"), shape, ScalarType.Float64));
        Assert.Equal(expected.Normalize(x, c).Value.data<double>(), actual.Normalize(x, c).Value.data<double>());
    }

    [Theory]
    [InlineData(5, 0, 3, "mlp has 3 hidden units; an autoregressive layer of 5 columns and 0 context columns needs at least 4.")]
    [InlineData(5, 2, 4, "mlp has 4 hidden units; an autoregressive layer of 5 columns and 2 context columns needs at least 5.")]
    [InlineData(1, 0, 8, "mlp has no inputs; use 'constant'.")]
    public void A_net_that_could_not_see_all_before_it_is_refused(int dimension, int context, int hidden, string sentence) =>
        Assert.Equal([sentence], new AutoregressiveSpec(new AffineSpec(), new MlpSpec(hidden, 2)).Problems(new FlowShape(dimension, context)));

    [Fact]
    public void The_inverse_swaps_the_directions_and_keeps_the_parameters()
    {
        using var scope = NewDisposeScope();
        var shape = new FlowShape(4, 1);
        var inverse = new InverseSpec(Spec(1));
        using var views = Views(Spec(1), shape, perturbed: true);
        Assert.Equal(Names(Spec(1)), Names(inverse));
        var (map, turned) = (Spec(1).Build(views.In("0"), shape, ScalarType.Float64), inverse.Build(views.In("0"), shape, ScalarType.Float64));
        var (x, c) = (Positive("x", 4, Rows), Positive("c", 1, Rows));
        var (expected, actual) = (map.Normalize(x, c), turned.Generate(x, c));
        Assert.Equal(expected.Value.data<double>(), actual.Value.data<double>());
        Assert.Equal(expected.LogDet.data<double>(), actual.LogDet.data<double>());

        IEnumerable<string> Names(TransformSpec spec) => ParameterLayout.Of(layout => spec.Declare(layout, shape)).Blocks.Select(block => block.Name);
    }

    [Fact]
    public void The_inverse_of_a_standardisation_is_refused() =>
        Assert.Contains("'standardize'", Assert.Single(new InverseSpec(new StandardizeSpec([0], [1])).Problems(new FlowShape(1, 0))));

    private static AutoregressiveSpec Spec(int net) => new(new AffineSpec(), Nets[net]);

    private static ParameterViews Views(TransformSpec spec, FlowShape shape, bool perturbed)
    {
        var views = new ParameterViews(ParameterLayout.Of(scope => spec.Declare(scope.In("0"), shape)), ScalarType.Float64);
        using var noGradient = no_grad();
        views.Values.copy_(tensor(views.Layout.Initialize(3)));
        if (perturbed) Perturb(views, spread: 0.3);
        return views;
    }

    private static void Perturb(ParameterViews views, double spread)
    {
        var random = new CounterRandom(8, "perturbation");
        using var noGradient = no_grad();
        views.Values.add_(tensor(Enumerable.Range(0, views.Layout.Count).Select(i => spread * random.Normal(i)).ToArray()), Scalars.One);
        views.Values.abs_(); // with positive inputs no unit is off, so that every path carries a gradient
    }

    /// <summary>Places in the buffer that lie behind a mask.</summary>
    private static int[] Masked(ParameterLayout layout)
    {
        var free = Enumerable.Repeat(1, layout.Count).ToArray();
        layout.ApplyMasks(free.AsSpan());
        return [.. Enumerable.Range(0, free.Length).Where(index => free[index] == 0)];
    }

    /// <summary>Σ over the rows of |∂z/∂x|, so that zero means zero in every row.</summary>
    private static double[,] Jacobian(Bijection map, Tensor x, Tensor? context)
    {
        x.requires_grad = true;
        var (z, _) = map.Normalize(x, context);
        var sums = new double[map.Dimension, map.Dimension];
        for (var column = 0; column < map.Dimension; column++)
        {
            var row = autograd.grad([z.select(1, column).sum()], [x], retain_graph: true)[0].abs().sum([0L]);
            for (var i = 0; i < map.Dimension; i++) sums[column, i] = row[i].Item<double>();
        }

        return sums;
    }

    private static Tensor Positive(string purpose, int columns, int rows)
    {
        var random = new CounterRandom(5, purpose);
        return tensor(Enumerable.Range(0, rows * columns).Select(i => Math.Abs(random.Normal(i))).ToArray(), rows, columns);
    }
}
