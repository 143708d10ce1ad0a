using FlowGrain.Data;
using FlowGrain.Flows.Numerics;

namespace FlowGrain.Tests.Grains.Data.Blocks;

/// <summary>Rows that count more or less than once.</summary>
public sealed class WeightedRows : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("t.csv"), InlineData("t.sql")]
    public void The_weight_is_kept_beside_the_rows_in_units_of_its_mean_and_tells_no_rows_apart(string name)
    {
        _folder.Write("t.csv", "a,w,b\n1,3,2\n3,1,5\n5,1,9.5\n1,5,2\n0,2.5,4\n");
        _folder.Write("t.sql", "SELECT * FROM 't.csv'");
        using var weighted = Import(Tables.All(_folder.In(name)) with { Weights = "w" });
        using var other = Import(Tables.Of(_folder.In(name), "a", "b"));
        Assert.Equal(("w", true, false), (weighted.Manifest.Weights, weighted.IsWeighted, other.IsWeighted));
        Assert.Equal(["a", "b"], weighted.Manifest.Columns.Select(column => column.Name));
        Assert.NotEqual(other.Id, weighted.Id);
        Assert.Equal(other.Block(0).ToArray(), weighted.Block(0).ToArray());
        Assert.Equal(other.Keys(0).ToArray(), weighted.Keys(0).ToArray());
        var weights = new float[5];
        Split.Of(weighted, new(1, 0, 0)).GatherWeights(RowSide.Train, 0, weights);
        Assert.Equal([1.2f, 0.4f, 0.4f, 2, 1], weights);
        weighted.Verify();
    }

    [Fact]
    public void A_pass_has_the_weights_of_its_rows()
    {
        var file = _folder.Write("t.csv", "a,w\n" + string.Concat(Enumerable.Range(0, 700).Select(row => $"{row * 1.5},{row + 1}\n")));
        using var data = Import(Tables.All(file) with { Weights = "w" });
        var order = new EpochOrder(Split.Of(data, new(1, 0.1, 0)), seed: 4);
        var (rows, weights) = (new double[order.Rows], new float[order.Rows]);
        order.Gather(epoch: 2, 0, rows.Length, rows);
        order.GatherWeights(epoch: 2, 0, weights);
        Assert.All(rows.Zip(weights), pair => Assert.Equal((pair.First / 1.5 + 1) / 350.5, pair.Second, 1e-6));
    }

    [Fact]
    public void A_row_of_weight_zero_is_as_if_it_were_not_there()
    {
        var file = _folder.Write("t.csv", "a,b,w\n1,2,1\n7,,0\n3,5,1\n4,4,0\n5,9.5,2\n");
        using var data = Import(Tables.All(file) with { Weights = "w" });
        using var without = Import(Tables.All(_folder.Write("u.csv", "a,b,w\n1,2,1\n3,5,1\n5,9.5,2\n")) with { Weights = "w" });
        Assert.Equal((3, 0), (data.Rows, data.Manifest.DroppedRows));
        Assert.Equal(without.Manifest.Blocks, data.Manifest.Blocks);
    }

    [Theory]
    [InlineData("1,2,-0.5", "'t.csv': row 2 (line 3), column 'w' is -0.5, and a row cannot weigh less than 0; mend it, or leave --weights out.")]
    [InlineData("1,2,", "'t.csv': row 2 (line 3), column 'w' is missing (empty or NaN); mend it, or leave such rows out with --missing drop.")]
    [InlineData("1,2,nan", "'t.csv': row 2 (line 3), column 'w' is missing (empty or NaN); mend it, or leave such rows out with --missing drop.")]
    [InlineData("1,2,inf", "'t.csv': row 2 (line 3), column 'w' is not finite (inf); mend it, or leave such rows out with --missing drop.")]
    public void A_weight_that_is_none_is_refused_by_its_row(string row, string sentence)
    {
        var file = _folder.Write("t.csv", $"a,b,w\n0,1,1\n{row}\n3,5,1\n");
        Assert.Equal(sentence, Refusal(Tables.All(file) with { Weights = "w" }));
    }

    [Theory]
    [InlineData("a,b,w\n0,1,0\n1,3,0\n", "w", "", "'t.csv' has no rows of a weight above 0 in the column of --weights; a density needs at least two.")]
    [InlineData("a,b,w\n0,1,1\n1,3,1\n", "v", "", "'t.csv' has no column 'v'; it has a, b, w; choose among them.")]
    [InlineData("a,b,w\n0,1,1\n1,3,1\n", "w", "a,w", "'t.csv': column 'w' weighs the rows by --weights, and nothing can be learned of it; leave it out of --columns, --context and --group-by.")]
    public void Weights_that_cannot_be_are_refused(string text, string weights, string columns, string sentence)
    {
        var file = _folder.Write("t.csv", text);
        Assert.Equal(sentence, Refusal(Tables.Of(file, columns.Split(',', StringSplitOptions.RemoveEmptyEntries)) with { Weights = weights }));
    }

    [Fact]
    public void Statistics_of_whole_weights_are_those_of_repeated_rows()
    {
        var (rows, random) = (Tables.Normal(500, 3), new Random(3));
        double[] flat = [.. rows.Cast<double>()];
        float[] weights = [.. Enumerable.Range(0, 500).Select(_ => (float)random.Next(1, 5))];
        double[] repeated = [.. Enumerable.Range(0, 500).SelectMany(row => Enumerable.Repeat(Tables.Row(rows, row), (int)weights[row]).SelectMany(values => values))];
        var (weighted, all) = (new Moments(3), new Moments(3));
        foreach (var at in new[] { 0, 200 }) weighted.Add(flat.AsSpan(at * 3, (at == 0 ? 200 : 300) * 3), weights.AsSpan(at, at == 0 ? 200 : 300));
        all.Add(repeated);
        Assert.Equal((500, (double)all.Count), (weighted.Count, weighted.Weight));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(all.Mean[i], weighted.Mean[i], 1e-12);
            for (var j = 0; j < 3; j++) Assert.Equal(all.Covariance(i, j), weighted.Covariance(i, j), 1e-12);
        }

        for (var i = 1; i < flat.Length; i += 7) flat[i] = double.NaN;
        double[] gaps = [.. Enumerable.Range(0, 500).SelectMany(row => Enumerable.Repeat(flat[(row * 3)..(row * 3 + 3)], (int)weights[row]).SelectMany(values => values))];
        var (present, every) = (new PresentMoments(3), new PresentMoments(3));
        present.Add(flat, weights);
        every.Add(gaps);
        for (var i = 0; i < 3; i++) Assert.Equal(every.AsMoments().Deviation(i), present.AsMoments().Deviation(i), 1e-12);
        var fitted = GaussianEm.Fit(flat, 2, 1, Tables.Cancellation, [.. weights.Select(weight => (double)weight)]);
        var expected = GaussianEm.Fit(gaps, 2, 1, Tables.Cancellation);
        Assert.All(expected.Covariance.Cast<double>().Zip(fitted.Covariance.Cast<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-5)); // their columns are scaled before, by rows
    }

    private Dataset Import(DataSelection selection) => Tables.Import(_folder, selection);

    private string Refusal(DataSelection selection) => Assert.ThrowsAny<BadInputException>(() => Import(selection)).Message;
}
