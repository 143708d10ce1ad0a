using FlowGrain.Flows;
using FlowGrain.Flows.Conditioners;
using FlowGrain.Flows.ScalarMaps;
using FlowGrain.Flows.Transforms;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.ScalarMaps;

/// <summary>What must hold for every map of one column that no preset has, whose densities <see cref="FlowLaws"/> therefore does not see.</summary>
public sealed class ScalarMapLaws
{
    private static readonly Dictionary<string, ScalarMapSpec> Cases = new()
    {
        ["integral"] = new IntegralSpec(6, 8),
        ["integral, of one unit"] = new IntegralSpec(1, 5),
        ["sum of squares"] = new SumOfSquaresSpec(3, 2),
        ["sum of squares, of the highest degree"] = new SumOfSquaresSpec(1, 4, 3),
        ["bernstein"] = new BernsteinSpec(12, 5),
        ["bernstein, of degree one"] = new BernsteinSpec(1, 3),
        ["linear spline"] = new LinearSplineSpec(6, 3),
        ["quadratic spline"] = new QuadraticSplineSpec(6, 3),
    };

    public static MatrixTheoryData<string, int> Spaces => new(Cases.Keys, [1, 2]);

    [Theory, InlineData(8), InlineData(16), InlineData(64)]
    public void Sigmoids_begin_with_the_slope_of_the_identity(int units)
    {
        using var scope = NewDisposeScope();
        var x = linspace(-3, 3, 61, ScalarType.Float64).unsqueeze(1);
        var nothing = zeros(61, 1, 3 * units, ScalarType.Float64);
        var (z, logSlope) = new SigmoidalSpec(units) { UnitSlope = true }.Build().Normalize(x, nothing);
        Assert.InRange((z - x).abs().max().Item<double>(), 0, 0.12);
        Assert.InRange(logSlope.abs().max().Item<double>(), 0, 0.09);
        var (shrunk, _) = new SigmoidalSpec(units).Build().Normalize(x, nothing); // as it was
        Assert.InRange((shrunk - x).abs().max().Item<double>(), 0.12, 0.6);
    }

    [Theory, MemberData(nameof(Spaces))]
    public void The_density_integrates_to_one(string name, int dimension)
    {
        var spec = new FlowSpec
        {
            Preset = "",
            Columns = [.. Enumerable.Range(0, dimension).Select(column => $"x{column}")],
            Transforms =
            [
                new StandardizeSpec([.. Enumerable.Repeat(2.0, dimension)], [.. Enumerable.Repeat(3.0, dimension)]),
                dimension == 1 ? new CouplingSpec([0], Cases[name], new ConstantSpec()) : new AutoregressiveSpec(Cases[name], new MlpSpec(8, 1)),
            ],
        };
        using var flow = TestFlows.Exact(spec, TestFlows.Weights(spec, spread: 0.3));
        Assert.Equal(1, Quadrature.Integral(flow, []), 1e-3);
    }
}
