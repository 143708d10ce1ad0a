using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.Marginals;
using FlowGrain.Flows.Numerics;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;
using FlowGrain.Tests.Docs;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

/// <summary>What must hold for every transform, in float64. A new transform adds one row here, and nothing else.</summary>
public sealed class BijectionLaws
{
    private const int Rows = 32;

    private static readonly Dictionary<string, (FlowShape Shape, TransformSpec Spec)> Cases = new()
    {
        ["standardize"] = (new(3, 0), new StandardizeSpec([5, -1e6, 0.1], [2, 1e3, 0.01])),
        ["marginal"] = (new(3, 0), new MarginalSpec([new LogitMap(-2e6, 3e6), new ArcsinhMap(-4, 0.3), new IdentityMap()])),
        ["marginal, an angle"] = (new(2, 0, Circles: new([0])), new MarginalSpec([new CircleMap(40, -20), new IdentityMap()])),
        ["permute"] = (new(4, 0), new PermuteSpec([2, 0, 3, 1])),
        ["lu-linear"] = (new(5, 0), new LuLinearSpec()),
        ["lu-linear, one column"] = (new(1, 0), new LuLinearSpec()),
        ["coupling, additive"] = (new(4, 0), new CouplingSpec([1, 3], new AdditiveSpec(), new MlpSpec(8, 2))),
        ["coupling, affine"] = (new(5, 0), new CouplingSpec([0, 2, 4], new AffineSpec(), new ResidualNetSpec(8, 1))),
        ["coupling, affine, given context"] = (new(3, 2), new CouplingSpec([1], new AffineSpec(), new ResidualNetSpec(8, 2))),
        ["coupling, spline"] = (new(5, 0), new CouplingSpec([1, 3], new RationalQuadraticSpec(8, 3), new ResidualNetSpec(8, 2))),
        ["coupling, spline of two bins, wide"] = (new(2, 1), new CouplingSpec([0], new RationalQuadraticSpec(2, 50), new MlpSpec(8, 1))),
        ["coupling, spline over waves, given context"] = (new(3, 1), new CouplingSpec([1], new RationalQuadraticSpec(8, 3), new FourierSpec(4, new ResidualNetSpec(8, 1)))),
        ["elementwise, spline"] = (new(2, 0), new CouplingSpec([0, 1], new RationalQuadraticSpec(5, 2), new ConstantSpec())),
        ["elementwise, spline, one column given context"] = (new(1, 3), new CouplingSpec([0], new RationalQuadraticSpec(5, 2), new MlpSpec(8, 1))),
        ["autoregressive, additive"] = (new(3, 0), new AutoregressiveSpec(new AdditiveSpec(), new MlpSpec(7, 1))),
        ["autoregressive, affine"] = (new(5, 0), new AutoregressiveSpec(new AffineSpec(), new MlpSpec(13, 2))),
        ["autoregressive, affine, one unit a degree"] = (new(5, 0), new AutoregressiveSpec(new AffineSpec(), new MlpSpec(4, 3))),
        ["autoregressive, affine, given context"] = (new(3, 2), new AutoregressiveSpec(new AffineSpec(), new ResidualNetSpec(8, 2))),
        ["autoregressive, affine over waves, given context"] = (new(4, 1), new AutoregressiveSpec(new AffineSpec(), new FourierSpec(3, new MlpSpec(9, 2)))),
        ["autoregressive, spline"] = (new(5, 0), new AutoregressiveSpec(new RationalQuadraticSpec(8, 3), new ResidualNetSpec(9, 1))),
        ["autoregressive, spline, one unit a degree, given context"] = (new(2, 1), new AutoregressiveSpec(new RationalQuadraticSpec(2, 50), new ResidualNetSpec(2, 2))),
        ["autoregressive, spline, one column"] = (new(1, 0), new AutoregressiveSpec(new RationalQuadraticSpec(5, 2), new ConstantSpec())),
        ["autoregressive, affine, one column given context"] = (new(1, 3), new AutoregressiveSpec(new AffineSpec(), new MlpSpec(5, 2))),
        ["inverse, autoregressive affine"] = (new(5, 0), new InverseSpec(new AutoregressiveSpec(new AffineSpec(), new MlpSpec(11, 2)))),
        ["inverse, autoregressive spline, given context"] = (new(3, 2), new InverseSpec(new AutoregressiveSpec(new RationalQuadraticSpec(4, 3), new ResidualNetSpec(8, 1)))),
        ["autoregressive, sigmoidal"] = (new(4, 0), new AutoregressiveSpec(new SigmoidalSpec(5), new MlpSpec(9, 1))),
        ["elementwise, sigmoidal, of one unit"] = (new(3, 0), new CouplingSpec([0, 1, 2], new SigmoidalSpec(1), new ConstantSpec())),
        ["coupling, sigmoidal, given context"] = (new(3, 1), new CouplingSpec([0, 2], new SigmoidalSpec(8), new ResidualNetSpec(8, 1))),
        ["autoregressive, sigmoidal with the slope of the identity"] = (new(3, 0), new AutoregressiveSpec(new SigmoidalSpec(5) { UnitSlope = true }, new MlpSpec(9, 1))),
        ["coupling, circular spline"] = (new(4, 0), new CouplingSpec([1, 3], new CircularRationalQuadraticSpec(8, 12), new MlpSpec(8, 1))), // a circle that no row leaves
        ["elementwise, circular spline, given context"] = (new(2, 1), new CouplingSpec([0, 1], new CircularRationalQuadraticSpec(3, 15), new MlpSpec(8, 1))),
        ["coupling, linear spline"] = (new(4, 0), new CouplingSpec([1, 3], new LinearSplineSpec(8, 3), new MlpSpec(8, 1))),
        ["autoregressive, linear spline, given context"] = (new(3, 1), new AutoregressiveSpec(new LinearSplineSpec(2, 3), new MlpSpec(8, 1))),
        ["coupling, quadratic spline"] = (new(4, 0), new CouplingSpec([0, 2], new QuadraticSplineSpec(8, 3), new MlpSpec(8, 1))),
        ["autoregressive, quadratic spline"] = (new(3, 0), new AutoregressiveSpec(new QuadraticSplineSpec(3, 2), new MlpSpec(8, 1))),
        ["autoregressive, bernstein"] = (new(3, 0), new AutoregressiveSpec(new BernsteinSpec(12, 5), new MlpSpec(8, 1))),
        ["coupling, bernstein of degree one, given context"] = (new(2, 1), new CouplingSpec([1], new BernsteinSpec(1, 3), new MlpSpec(8, 1))),
        ["autoregressive, sum of squares"] = (new(3, 0), new AutoregressiveSpec(new SumOfSquaresSpec(4, 2), new MlpSpec(8, 1))),
        ["coupling, one square, given context"] = (new(3, 1), new CouplingSpec([0, 1], new SumOfSquaresSpec(1, 1), new MlpSpec(8, 1))),
        ["autoregressive, integral"] = (new(3, 0), new AutoregressiveSpec(new IntegralSpec(6, 8), new MlpSpec(8, 1))),
        ["coupling, integral of one unit, given context"] = (new(3, 1), new CouplingSpec([1, 2], new IntegralSpec(1, 5), new MlpSpec(8, 1))),
        ["coupling, affine of nflows"] = (new(4, 0), new CouplingSpec([1, 3], new AffineSpec { Parametrisation = Parametrisation.Nflows }, new MlpSpec(8, 1))),
        ["autoregressive, affine of nflows, given context"] = (new(3, 2), new AutoregressiveSpec(new AffineSpec { Parametrisation = Parametrisation.Nflows, Scale = NflowsScale.Softplus }, new ContextMadeSpec(8, 2))),
        ["autoregressive, affine of zuko"] = (new(4, 0), new AutoregressiveSpec(new AffineSpec { Parametrisation = Parametrisation.Zuko }, new MlpSpec(9, 2))),
        ["coupling, spline of nflows, gated by a context"] = (new(4, 2), new CouplingSpec([0, 2], new RationalQuadraticSpec(6, 3) { Parametrisation = Parametrisation.Nflows, LogitUnits = 8 }, new GatedResidualSpec(8, 2))),
        ["autoregressive, spline of nflows, plain, given context"] = (new(3, 1), new AutoregressiveSpec(new RationalQuadraticSpec(5, 3) { Parametrisation = Parametrisation.Nflows }, new ContextMadeSpec(7, 1, Residual: false))),
        ["coupling, spline of zuko"] = (new(4, 0), new CouplingSpec([1, 2], new RationalQuadraticSpec(5, 3) { Parametrisation = Parametrisation.Zuko }, new MlpSpec(8, 2))),
        ["act-norm"] = (new(3, 0), new ActNormSpec()),
        ["dequantize"] = (new(4, 0), new DequantizeSpec([0, 3], [0.13, -0.4], [0.5, 0.8], 5, new MlpSpec(8, 1))),
        ["dequantize, one column given context"] = (new(1, 2), new DequantizeSpec([0], [0.2], [0.7], 4, new MlpSpec(8, 1))),
        ["rotation"] = (new(4, 0), new RotationSpec()),
        ["matrix-exponential"] = (new(4, 0), new MatrixExponentialSpec()),
        ["householder"] = (new(4, 0), new HouseholderSpec()),
        ["planar"] = (new(4, 0), new PlanarSpec()),
        ["planar, one column"] = (new(1, 0), new PlanarSpec()),
        ["planar, given context"] = (new(3, 2), new PlanarSpec(new MlpSpec(8, 1))),
        ["radial"] = (new(4, 0), new RadialSpec()),
        ["radial, one column"] = (new(1, 0), new RadialSpec()),
        ["radial, given context"] = (new(3, 2), new RadialSpec(new MlpSpec(8, 1))),
        ["sylvester, orthogonal"] = (new(5, 0), new SylvesterSpec(3, SylvesterBasis.Orthogonal)),
        ["sylvester, orthogonal, as many directions as columns"] = (new(12, 0), new SylvesterSpec(12, SylvesterBasis.Orthogonal)),
        ["sylvester, householder"] = (new(4, 0), new SylvesterSpec(4, SylvesterBasis.Householder)),
        ["sylvester, triangular"] = (new(4, 0), new SylvesterSpec(3, SylvesterBasis.Triangular)),
        ["sylvester, triangular, reversed"] = (new(4, 0), new SylvesterSpec(4, SylvesterBasis.Triangular, Reversed: true)),
        ["sylvester, given context"] = (new(3, 2), new SylvesterSpec(2, SylvesterBasis.Householder, Net: new MlpSpec(8, 1))),
        ["residual"] = (new(4, 0), new ResidualSpec(8, 2)),
        ["residual, one column, one layer"] = (new(1, 0), new ResidualSpec(8, 1)),
        ["residual, two columns given context"] = (new(2, 3), new ResidualSpec(8, 3)),
        ["continuous"] = (new(4, 0), new ContinuousSpec(8, 1e-12)),
        ["continuous, one column"] = (new(1, 0), new ContinuousSpec(8, 1e-12)),
        ["continuous, given context"] = (new(2, 3), new ContinuousSpec(8, 1e-12)),
        ["coupling, polynomial of the highest degree"] = (new(3, 0), new CouplingSpec([0], new SumOfSquaresSpec(2, 4, 3), new MlpSpec(8, 1))),
        ["coupling, angles given numbers and context"] = (new(4, 1, Circles: new([1, 3])), new CouplingSpec([1, 3], new CircularRationalQuadraticSpec(6), new MlpSpec(8, 1))),
        ["coupling, an angle given an angle"] = (new(2, 0, Circles: new([0, 1])), new CouplingSpec([0], new CircularRationalQuadraticSpec(5), new ResidualNetSpec(8, 1))),
        ["coupling, spline given an angle"] = (new(3, 0, Circles: new([2])), new CouplingSpec([0], new RationalQuadraticSpec(5, 3), new FourierSpec(2, new MlpSpec(8, 1)))),
        ["autoregressive, angles"] = (new(3, 0, Circles: new([0, 1, 2])), new AutoregressiveSpec(new CircularRationalQuadraticSpec(5), new MlpSpec(9, 2))),
        ["autoregressive, angles over waves given context"] = (new(3, 2, Circles: new([0, 1, 2])), new AutoregressiveSpec(new CircularRationalQuadraticSpec(4), new FourierSpec(2, new ResidualNetSpec(9, 1)))),
        ["subset, lu-linear"] = (new(4, 0, Circles: new([1])), new SubsetSpec([0, 2, 3], new LuLinearSpec())),
        ["subset, angles given the others"] = (new(4, 1, Circles: new([0, 1, 3])), new SubsetSpec([1, 3], new AutoregressiveSpec(new CircularRationalQuadraticSpec(4), new MlpSpec(8, 1)), Given: true)),
        ["subset, numbers given an angle"] = (new(3, 0, Circles: new([1])), new SubsetSpec([0, 2], new AutoregressiveSpec(new RationalQuadraticSpec(4, 3), new ResidualNetSpec(8, 1)), Given: true)),
        ["subset, turned round"] = (new(3, 0, Circles: new([0])), new InverseSpec(new SubsetSpec([1, 2], new AutoregressiveSpec(new AffineSpec(), new MlpSpec(8, 1)), Given: true))),
        ["inverse, planar"] = (new(3, 0), new InverseSpec(new PlanarSpec())),
        ["arcsinh of docs/extending.md"] = (new(3, 0), new ArcsinhSpec()),
        ["inverse, coupling"] = (new(3, 0), new InverseSpec(new CouplingSpec([1], new AffineSpec(), new MlpSpec(8, 1)))),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    /// <summary>What computes in the precision of its weights; the others take rows in the units of the data, in float64.</summary>
    public static TheoryData<string> InWeights => [.. Cases.Keys.Where(name => name is not ("standardize" or "marginal" or "marginal, an angle"))];

    [Theory, MemberData(nameof(Names))]
    public void Generate_undoes_normalize(string name)
    {
        using var scope = NewDisposeScope();
        var (map, _) = Build(name);
        var (x, context) = Batch(name);
        var (z, _) = map.Normalize(x, context);
        Near(x, map.Generate(z, context).Value, 1e-9, "x → z → x");
    }

    [Theory, MemberData(nameof(Names))]
    public void Normalize_undoes_generate(string name)
    {
        using var scope = NewDisposeScope();
        var (map, _) = Build(name);
        var (z, context) = Batch(name);
        var (x, _) = map.Generate(z, context);
        Near(z, map.Normalize(x, context).Value, 1e-9, "z → x → z");
    }

    [Theory, MemberData(nameof(Names))]
    public void Both_directions_have_opposite_log_determinants(string name)
    {
        using var scope = NewDisposeScope();
        var (map, _) = Build(name);
        var (x, context) = Batch(name);
        var (z, there) = map.Normalize(x, context);
        Near(-there, map.Generate(z, context).LogDet, 1e-9, "log-determinants");
    }

    [Theory, MemberData(nameof(Names))]
    public void Log_determinant_matches_the_autograd_jacobian(string name)
    {
        using var scope = NewDisposeScope();
        var (map, _) = Build(name);
        var (x, context) = Batch(name);
        x.requires_grad = true;
        var (z, logDet) = map.Normalize(x, context);
        var jacobian = stack(Enumerable.Range(0, map.Dimension)
            .Select(column => autograd.grad([z.select(1, column).sum()], [x], retain_graph: true)[0]).ToArray(), 1);
        Near(linalg.slogdet(jacobian).Item2, logDet, 1e-8, "log-determinant");
    }

    [Theory, MemberData(nameof(Names))]
    public void Gradients_reach_every_parameter(string name)
    {
        using var scope = NewDisposeScope();
        var (map, views) = Build(name);
        var (x, context) = Batch(name, spread: 0.7);
        x.requires_grad = true;
        var (z, logDet) = map.Normalize(x, context);
        z.Squared().sum().Plus(logDet.sum()).backward();
        foreach (var block in views.Layout.Blocks.Where(block => !block.Name.EndsWith("lu")))
        {
            Assert.True(views[block.Name].grad!.count_nonzero().Item<long>() > 0, $"no gradient reaches {block.Name}");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Values_and_gradients_stay_finite_far_out_and_at_the_edges(string name)
    {
        using var scope = NewDisposeScope();
        var (map, views) = Build(name);
        foreach (var extreme in new[] { -1e6, -50, -3, -2, 0, 2, 3, 50, 1e6 })
        {
            var x = tensor(Enumerable.Repeat(extreme, 4 * map.Dimension).ToArray(), 4, map.Dimension);
            x.requires_grad = true;
            var (z, logDet) = map.Normalize(x, Batch(name).Context?.narrow(0, 0, 4));
            z.sum().Plus(logDet.sum()).backward();
            Assert.True(z.isfinite().all().Item<bool>() && logDet.isfinite().all().Item<bool>(), $"not finite at {extreme}");
            Assert.True(x.grad!.isfinite().all().Item<bool>(), $"gradient not finite at {extreme}");
            Assert.True(views.Gradient.isfinite().all().Item<bool>(), $"parameter gradient not finite at {extreme}");
        }
    }

    [Theory, MemberData(nameof(InWeights))]
    public void Float32_computes_the_same_map_to_its_digits(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (exact, _) = Build(name);
        var (single, _) = Build(name, ScalarType.Float32);
        var (x, context) = Batch(name, spread: 1.5);
        (x, context) = (x.to_type(ScalarType.Float32), context?.to_type(ScalarType.Float32));
        var (z, logDet) = exact.Normalize(x.to_type(ScalarType.Float64), context?.to_type(ScalarType.Float64));
        var (rounded, roundedLogDet) = single.Normalize(x, context);
        Assert.Equal((ScalarType.Float32, ScalarType.Float32), (rounded.dtype, roundedLogDet.dtype));
        Near(z, rounded, 3e-5, "z in float32");
        Near(logDet, roundedLogDet, 2e-4, "log-determinant in float32");
        var (back, backLogDet) = single.Generate(rounded, context);
        Near(x, back, 5e-3, "x → z → x in float32"); // where a spline is nearly flat, its inverse has fewer digits
        Near(-roundedLogDet, backLogDet, 5e-3, "log-determinants in float32");
    }

    [Theory, MemberData(nameof(Names))]
    public void Zero_and_one_rows_are_batches_too(string name)
    {
        using var scope = NewDisposeScope();
        var (map, _) = Build(name);
        foreach (var rows in new[] { 0, 1 })
        {
            var (x, context) = Batch(name, rows);
            var (z, logDet) = map.Normalize(x, context);
            Assert.Equal([rows, map.Dimension], z.shape);
            Assert.Equal([rows], logDet.shape);
            Assert.Equal([rows, map.Dimension], map.Generate(z, context).Value.shape);
        }
    }

    [Fact]
    public void A_single_row_without_batch_axis_is_rejected_with_a_hint()
    {
        var (map, _) = Build("lu-linear");
        var error = Assert.Throws<ArgumentException>(() => map.Normalize(zeros(5, ScalarType.Float64)));
        Assert.Contains("unsqueeze(0)", error.Message);
    }

    [Fact]
    public void A_context_of_other_length_is_rejected()
    {
        var (map, _) = Build("coupling, affine, given context");
        Assert.Throws<ArgumentException>(() => map.Normalize(zeros(4, 3, ScalarType.Float64), zeros(3, 2, ScalarType.Float64)));
    }

    /// <summary>The transform over parameters far from their initial values: a law that holds only for the identity is worth nothing.</summary>
    private static (Bijection Map, ParameterViews Views) Build(string name, ScalarType dtype = ScalarType.Float64)
    {
        var (shape, spec) = Cases[name];
        Assert.Empty(spec.ProblemsIn(shape));
        var layout = ParameterLayout.Of(scope => spec.Declare(scope.In("0"), shape));
        var views = new ParameterViews(layout, dtype);
        var random = new CounterRandom(11, name);
        using var noGradient = no_grad();
        views.Values.copy_(tensor(layout.Initialize(3).Select((value, i) => (double)(float)(value + 0.3 * random.Normal(i))).ToArray())); // a float holds them, so that both precisions compute the same map
        return (spec.Build(views.In("0"), shape, dtype), views);
    }

    private static (Tensor X, Tensor? Context) Batch(string name, int rows = Rows, double spread = 2)
    {
        var shape = Cases[name].Shape;
        var x = Normals("x", rows, shape.Dimension, spread);
        foreach (var angle in shape.Angles) x.select(1, angle).copy_(x.select(1, angle).sin().asin().mul(Scalars.Two)); // somewhere on the circle
        return (x, shape.Context == 0 ? null : Normals("context", rows, shape.Context, 1));
    }

    private static Tensor Normals(string purpose, int rows, int columns, double spread)
    {
        var random = new CounterRandom(5, purpose);
        return tensor(Enumerable.Range(0, rows * columns).Select(i => spread * random.Normal(i)).ToArray(), rows, columns);
    }

    private static void Near(Tensor expected, Tensor actual, double tolerance, string what)
    {
        var worst = ((expected - actual).abs() / expected.abs().Plus(Scalars.One)).max().to_type(ScalarType.Float64).Item<double>();
        Assert.True(worst <= tolerance, $"{what}: off by {worst:g3}, allowed {tolerance:g3}");
    }
}
