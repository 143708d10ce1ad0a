using FlowGrain.Flows.Numerics;
using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Columns;

public sealed class RowSampleTests
{
    [Fact]
    public void As_many_rows_as_are_wanted_are_all_kept_in_order()
    {
        var sample = new RowSample(3, 2, new CounterRandom(0, "test"));
        sample.Add([1, 2]);
        sample.Add([3, 4, 5, 6]);
        Assert.Equal([1, 2, 3, 4, 5, 6], sample.Rows);
    }

    [Fact]
    public void Every_row_is_equally_likely_to_be_kept()
    {
        const int Rows = 50, Kept = 10, Trials = 4000;
        var counts = new int[Rows];
        for (var trial = 0; trial < Trials; trial++)
            foreach (var row in Sample(Rows, Kept, trial)) counts[(int)row]++;
        var expected = (double)Trials * Kept / Rows;
        var chiSquare = counts.Sum(count => (count - expected) * (count - expected) / expected);
        Assert.InRange(chiSquare, 15, 95); // 49 degrees of freedom: outside once in 10,000 seeds
    }

    [Fact]
    public void How_the_rows_come_does_not_matter()
    {
        var parts = new RowSample(10, 1, new CounterRandom(5, "test"));
        for (var row = 0; row < 100; row++) parts.Add([row]);
        Assert.Equal(Sample(100, 10, 5), parts.Rows);
    }

    private static double[] Sample(int rows, int kept, long seed)
    {
        var sample = new RowSample(kept, 1, new CounterRandom(seed, "test"));
        sample.Add([.. Enumerable.Range(0, rows).Select(row => (double)row)]);
        return sample.Rows;
    }
}
