using FlowGrain.Flows.Numerics;
using static TorchSharp.torch;

namespace FlowGrain.Tests.Flows.Numerics;

public sealed class DormandPrinceTests
{
    private static readonly double[] Starts = [.. Enumerable.Range(0, 200).Select(i => 0.01 * (i + 1))];

    [Theory, InlineData(1e-4), InlineData(1e-8), InlineData(1e-12)]
    public void The_error_follows_the_tolerance(double tolerance)
    {
        using var scope = NewDisposeScope();
        var end = DormandPrince.Solve(Waving, Rows(Starts), 0, 3, tolerance);
        var exact = tensor(Starts.Select(y => y * Math.Exp(Math.Sin(3))).ToArray(), Starts.Length, 1);
        Assert.InRange((end - exact).abs().max().Item<double>(), 0, 20 * tolerance);
    }

    [Fact]
    public void The_way_back_leads_to_the_start()
    {
        using var scope = NewDisposeScope();
        var back = DormandPrince.Solve(Waving, DormandPrince.Solve(Waving, Rows(Starts), 0, 3, 1e-11), 3, 0, 1e-11);
        Assert.InRange((back - Rows(Starts)).abs().max().Item<double>(), 0, 1e-9);
    }

    [Fact]
    public void A_row_has_the_same_bits_beside_rows_that_need_more_steps()
    {
        using var scope = NewDisposeScope();
        var alone = DormandPrince.Solve(Stiffening, Rows(Starts[..128]), 0, 1, 1e-9);
        var beside = DormandPrince.Solve(Stiffening, Rows([.. Starts[..128], .. Enumerable.Repeat(30.0, 128)]), 0, 1, 1e-9); // engines fill batches to a power of two as well
        Assert.Equal(alone.data<double>().ToArray(), beside.narrow(0, 0, 128).data<double>().ToArray());
    }

    [Fact]
    public void A_row_that_meets_a_pole_or_is_no_number_comes_to_none_and_harms_no_other()
    {
        using var scope = NewDisposeScope();
        var end = DormandPrince.Solve((y, _) => y * y, Rows([0.5, 2, double.NaN, double.PositiveInfinity]), 0, 1, 1e-9).data<double>().ToArray(); // 1/(1/y − t)
        Assert.Equal(1, end[0], 1e-7);
        Assert.All(end[1..], value => Assert.True(double.IsNaN(value), $"{value}"));
    }

    /// <summary>y′ = y cos t, so that y = y₀ exp(sin t).</summary>
    private static Tensor Waving(Tensor y, Tensor t) => y * t.cos();

    private static Tensor Stiffening(Tensor y, Tensor t) => (y * y).sin() * y * t.cos();

    private static Tensor Rows(double[] values) => tensor(values, values.Length, 1);
}
