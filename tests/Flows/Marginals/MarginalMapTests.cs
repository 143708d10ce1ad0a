using FlowGrain.Flows.Marginals;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Marginals;

public sealed class MarginalMapTests
{
    private static readonly MarginalMap[] Maps = [new IdentityMap(), new LogitMap(-1, 4), new ArcsinhMap(3, 0.5), new CircleMap(9, -2)];

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, Maps.Length)];

    [Theory, MemberData(nameof(Indexes))]
    public void Numbers_and_tensors_go_the_same_way(int index)
    {
        using var scope = NewDisposeScope();
        var (map, tensors) = (Maps[index], Maps[index].Build());
        double[] values = [-0.9999999, -0.5, 0, 1.5, 2.999, 3.9999];
        var (y, slope) = tensors.Normalize(tensor(values));
        var (back, backSlope) = tensors.Generate(y);
        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(y[i].Item<double>(), map.Normalize(values[i], out var logSlope), 1e-12);
            Assert.Equal(slope[i].Item<double>(), logSlope, 1e-12);
            Assert.Equal(-logSlope, backSlope[i].Item<double>(), 1e-9);
            Assert.Equal(values[i], map.Generate(y[i].Item<double>()), 1e-12);
            Assert.Equal(values[i], back[i].Item<double>(), 1e-12);
        }
    }

    [Theory, InlineData(-1.0), InlineData(4.0), InlineData(-7.0), InlineData(1e300), InlineData(double.PositiveInfinity)]
    public void From_a_bound_outwards_the_density_is_zero(double x)
    {
        var map = new LogitMap(-1, 4);
        Assert.True(double.IsFinite(map.Normalize(x, out var logSlope)));
        Assert.Equal(double.NegativeInfinity, logSlope);
        var (y, slope) = map.Build().Normalize(tensor(new[] { x }));
        Assert.True(double.IsFinite(y.Item<double>()));
        Assert.Equal(double.NegativeInfinity, slope.Item<double>());
    }

    [Theory, MemberData(nameof(Indexes))]
    public void What_is_no_number_stays_none(int index)
    {
        Assert.Equal(double.NaN, Maps[index].Normalize(double.NaN, out _));
        Assert.Equal(double.NaN, Maps[index].Build().Normalize(tensor(new[] { double.NaN })).Value.Item<double>());
    }

    [Theory, InlineData(1e300), InlineData(-1e300), InlineData(1e-300)]
    public void Outliers_of_any_size_have_a_finite_place_and_slope(double x)
    {
        var y = new ArcsinhMap(0, 1).Normalize(x, out var logSlope);
        Assert.Equal(Math.Asinh(x), y, 1e-12 * Math.Max(1, Math.Abs(y)));
        Assert.Equal(Math.Abs(x) > 1 ? -Math.Log(Math.Abs(x)) : 0, logSlope, 1e-12 * Math.Max(1, Math.Abs(logSlope)));
    }
}
