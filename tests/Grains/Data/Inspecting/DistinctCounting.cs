using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Inspecting;

public sealed class DistinctCounting
{
    [Theory]
    [InlineData(1)]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(99_999)]
    [InlineData(100_000)]
    public void Values_are_counted_exactly_up_to_the_limit(int distinct)
    {
        var values = new DistinctValues();
        for (var i = 0; i < distinct * 2; i++)
            values.Add(i % distinct * 0.25);
        Assert.Equal(distinct, values.Count);
    }

    [Theory, InlineData(100_001), InlineData(1_000_000), InlineData(10_000_000)]
    public void More_are_estimated_whatever_their_order_and_however_often_each_occurs(int distinct)
    {
        var (forward, backward) = (new DistinctValues(), new DistinctValues());
        for (var i = 0; i < distinct; i++)
        {
            forward.Add((double)i);
            backward.Add((double)(distinct - 1 - i));
            if (i % 3 == 0) backward.Add((double)(i / 2));
        }

        Assert.InRange(forward.Count, distinct * 0.985, distinct * 1.015);
        Assert.Equal(forward.Count, backward.Count);
    }

    [Fact]
    public void Zero_and_minus_zero_are_one_value()
    {
        var values = new DistinctValues();
        values.Add(-0.0);
        values.Add(0.0);
        Assert.Equal(1, values.Count);
    }

    [Fact]
    public void Any_64_bits_can_be_counted()
    {
        var values = new DistinctValues();
        values.Add(0UL);
        values.Add(ulong.MaxValue);
        values.Add(0UL);
        Assert.Equal(2, values.Count);
    }
}
