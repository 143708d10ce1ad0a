using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving;

public sealed class SparklineTests
{
    [Fact]
    public void A_falling_loss_falls() => Assert.Equal("▇▆▅▄▃▂▁", Sparkline.Draw([7, 7, 6, 5, 4, 3, 2, 1], 8)[1..]);

    [Fact]
    public void Many_values_are_averaged_into_the_width() => Assert.Equal(10, Sparkline.Draw([.. Enumerable.Range(0, 1000).Select(i => (double)i)], 10).Length);

    [Fact]
    public void A_flat_loss_stays_at_the_bottom() => Assert.Equal("▁▁▁", Sparkline.Draw([2, 2, 2], 10));

    [Fact]
    public void Values_that_are_not_finite_are_left_out() => Assert.Equal("", Sparkline.Draw([double.NaN, double.PositiveInfinity], 10));

    [Fact]
    public void Bars_stand_on_nothing() => Assert.Equal("▁▄▇▁", Sparkline.Bars([0, 5, 10, 0], top: 10));

    [Fact]
    public void One_towering_first_loss_does_not_flatten_the_rest() =>
        Assert.Contains('▄', Sparkline.Draw([1e6, .. Enumerable.Range(0, 20).Select(i => 20.0 - i)], 21));
}
