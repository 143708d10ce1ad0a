using FlowGrain.Data;

namespace FlowGrain.Tests.Grains.Data.Blocks;

public sealed class Statistics
{
    [Theory]
    [InlineData(1, 0)]
    [InlineData(7, 0)]
    [InlineData(1000, 0)]
    [InlineData(7, 1.7e9)]
    public void Batches_of_any_size_give_the_moments_of_the_whole(int batch, double offset)
    {
        var rows = Tables.Normal(1000, 3).Cast<double>().Select(value => value + offset).ToArray();
        var moments = new Moments(3);
        foreach (var part in rows.Chunk(batch * 3))
            moments.Add(part);

        var columns = Enumerable.Range(0, 3).Select(column => rows.Where((_, i) => i % 3 == column).Select(value => value - offset).ToArray()).ToArray();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(columns[i].Average() + offset, moments.Mean[i], 1e-12 + (1e-15 * offset));
            Assert.Equal((columns[i].Min() + offset, columns[i].Max() + offset), (moments.Min[i], moments.Max[i]));
            for (var j = 0; j < 3; j++)
                Assert.Equal(Covariance(columns[i], columns[j]), moments.Covariance(i, j), 1e-13 + (1e-16 * offset));
        }
    }

    [Theory, InlineData(0), InlineData(1)]
    public void The_gaussian_of_the_moments_has_the_context_first(int context)
    {
        double[] offsets = [1e6, -1, 7];
        double[] rows = [.. Tables.Normal(500, 3).Cast<double>().Select((value, i) => offsets[i % 3] + value)];
        for (var i = 0; i < rows.Length; i += 3) rows[i + 1] -= rows[i + 2]; // correlated
        var moments = new Moments(3);
        moments.Add(rows);
        var gaussian = moments.Gaussian(context);
        int[] order = context == 1 ? [2, 0, 1] : [0, 1, 2];
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(moments.Mean[order[i]], gaussian.Mean[i]);
            for (var j = 0; j < 3; j++) Assert.Equal(moments.Covariance(order[i], order[j]), gaussian.Covariance[i, j]);
        }

        Assert.Equal(context, gaussian.Context);
    }

    [Fact]
    public void Highly_correlated_columns_are_not_called_dependent()
    {
        var table = Tables.Normal(1000, 2);
        for (var row = 0; row < 1000; row++)
            table[row, 1] = table[row, 0] + (1e-4 * table[row, 1]);
        Assert.Empty(LinearDependence.Find(Of(table), 2));
    }

    [Fact]
    public void A_dependence_is_found_however_large_the_offset()
    {
        var table = Tables.Normal(1000, 5);
        for (var row = 0; row < 1000; row++)
            table[row, 3] = 1.7e9 + table[row, 0] - (2 * table[row, 4]);
        var found = Assert.Single(LinearDependence.Find(Of(table), 5));
        Assert.Contains(found.Column, new[] { 0, 3, 4 });
        Assert.Equal(new[] { 0, 3, 4 }.Except([found.Column]), found.On);
    }

    [Fact]
    public void A_copy_of_a_column_is_named_after_the_first()
    {
        var table = Tables.Normal(1000, 2);
        for (var row = 0; row < 1000; row++)
            table[row, 1] = 5 - (3 * table[row, 0]);
        var found = Assert.Single(LinearDependence.Find(Of(table), 2));
        Assert.Equal((1, 0), (found.Column, Assert.Single(found.On)));
    }

    [Fact]
    public void Context_may_depend_on_context_and_the_modelled_may_not()
    {
        var table = Tables.Normal(1000, 3);
        for (var row = 0; row < 1000; row++)
            table[row, 2] = -table[row, 1];
        Assert.Empty(LinearDependence.Find(Of(table), dimension: 1));
        Assert.Equal(1, Assert.Single(LinearDependence.Find(Of(table), dimension: 2)).Column);
    }

    [Fact]
    public void Many_columns_with_one_dependence_give_its_members_only()
    {
        var table = Tables.Normal(2000, 40);
        for (var row = 0; row < 2000; row++)
            table[row, 30] = table[row, 3] + table[row, 17];
        var found = Assert.Single(LinearDependence.Find(Of(table), 40));
        Assert.Equal([3, 17, 30], found.On.Append(found.Column).Order());
    }

    [Fact]
    public void Every_dependent_column_is_found_and_constant_ones_are_left_aside()
    {
        var table = Tables.Normal(500, 5);
        for (var row = 0; row < 500; row++)
            (table[row, 1], table[row, 3], table[row, 4]) = (0.1, table[row, 0] - 1, 2 * table[row, 2]);
        Assert.Equal([(3, 0), (4, 2)], LinearDependence.Find(Of(table), 5).Select(found => (found.Column, Assert.Single(found.On))));
    }

    private static Moments Of(double[,] table)
    {
        var moments = new Moments(table.GetLength(1));
        foreach (var batch in table.Cast<double>().Chunk(table.GetLength(1) * 64))
            moments.Add(batch);
        return moments;
    }

    private static double Covariance(double[] a, double[] b)
    {
        var (x, y) = (a.Average(), b.Average());
        return a.Zip(b, (i, j) => (i - x) * (j - y)).Average();
    }
}
