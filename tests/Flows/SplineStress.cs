using FlowGrain.Flows;
using FlowGrain.Flows.ScalarMaps;
using TorchSharp;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows;

/// <summary>Splines as wild as no training makes them, in float32.</summary>
public sealed class SplineStress
{
    private const int Batch = 50_000;
    private const double Bound = 3;

    private static readonly RationalQuadraticSpec Spec = new(8, Bound);
    private static readonly Scalar Limit = (Bound * (1 + 1e-6)).ToScalar();

    [Theory, InlineData(1.0, 6), InlineData(3.0, 7), InlineData(8.0, 7)] // twenty batches: a million splines
    public void No_random_spline_gives_nan_in_either_direction(double spread, int batches)
    {
        var spline = Spec.Build();
        using var generator = new Generator(17);
        using var size = spread.ToScalar();
        using var reach = (Bound / 2).ToScalar();
        for (var batch = 0; batch < batches; batch++)
        {
            using var scope = NewDisposeScope();
            var parameters = randn(Batch, 1, Spec.ParameterCount, generator: generator).mul(size);
            var values = randn(Batch, 1, generator: generator).mul(reach);
            var (x, there) = spline.Generate(values, parameters);
            var (z, back) = spline.Normalize(values, parameters);
            foreach (var (what, result) in new[] { ("x", x), ("log-determinant of generate", there), ("z", z), ("log-determinant of normalize", back) })
            {
                Assert.True(result.isfinite().all().Item<bool>(), $"{what}: {result.isfinite().logical_not().sum().Item<long>()} of {Batch} are not finite in batch {batch}");
            }

            Assert.True(x.abs().le(values.abs().clamp_min(Limit)).all().Item<bool>(), "a point left the interval");
        }
    }

    [Fact]
    public void Generate_keeps_the_digits_of_wild_splines()
    {
        var spline = Spec.Build();
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        using var size = 8.0.ToScalar();
        var parameters = randn(Batch, 1, Spec.ParameterCount, generator: generator).mul(size);
        var z = randn(Batch, 1, generator: generator);
        var (again, _) = spline.Normalize(spline.Generate(z, parameters).Value, parameters);
        var worst = (again - z).abs().max().Item<float>();
        Assert.True(worst < 1e-3, $"off by {worst:g3}");
    }

    [Theory, InlineData(-3.0), InlineData(3.0), InlineData(-1e6), InlineData(1e6), InlineData(0.0)]
    public void Gradients_are_finite_at_the_bounds_and_beyond(double at)
    {
        using var generator = new Generator(5);
        RequireFiniteGradients(at, randn(1000, 1, Spec.ParameterCount, generator: generator));
    }

    [Fact]
    public void Gradients_are_finite_at_every_knot()
    {
        using var generator = new Generator(5);
        for (var knot = 0; knot <= Spec.Bins; knot++)
        {
            using var scope = NewDisposeScope();
            var parameters = randn(1000, 1, Spec.ParameterCount, generator: generator);
            using var zero = 0.0.ToScalar();
            parameters.narrow(2, 0, Spec.Bins).fill_(zero); // equal widths: the knots are exact in float32
            RequireFiniteGradients(Bound * (2.0 * knot / Spec.Bins - 1), parameters);
        }
    }

    private static void RequireFiniteGradients(double at, Tensor parameters)
    {
        using var scope = NewDisposeScope();
        parameters.requires_grad = true;
        using var place = at.ToScalar();
        var x = full(1000, 1, place, ScalarType.Float32);
        x.requires_grad = true;
        foreach (var direction in (Func<Tensor, Tensor, Mapped>[])[Spec.Build().Normalize, Spec.Build().Generate])
        {
            var (z, logDet) = direction(x, parameters);
            z.sum().add(logDet.sum(), FlowGrain.Flows.Numerics.Scalars.One).backward();
            Assert.True(parameters.grad!.isfinite().all().Item<bool>() && x.grad!.isfinite().all().Item<bool>(), $"a gradient of {direction.Method.Name} at {at} is not finite");
        }
    }
}
