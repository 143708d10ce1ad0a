using FlowGrain.Data;
using FsCheck;
using FsCheck.Fluent;

namespace FlowGrain.Tests.Grains.Data.Splitting;

public sealed class EpochOrders : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_keyed_permutation_visits_everything_once() =>
        Prop.ForAll(ArbMap.Default.ArbFor<PositiveInt>(), ArbMap.Default.ArbFor<ulong>(), (n, key) => VisitsAll(n.Get, key)).Check(Config.QuickThrowOnFailure.WithEndSize(5000).WithQuietOnSuccess(true));

    [Fact]
    public void A_long_keyed_permutation_visits_everything_once() => Assert.True(VisitsAll(100_003, key: 2));

    [Theory]
    [InlineData(new[] { 1 })]
    [InlineData(new[] { 0, 1, 0 })]
    [InlineData(new[] { 500, 0, 13 })]
    public void A_plan_visits_every_row_once(int[] blocks) => RequireBijection(blocks);

    [Fact]
    public void A_plan_of_several_windows_with_a_ragged_last_one_visits_every_row_once() =>
        RequireBijection([.. Enumerable.Range(0, 37).Select(block => block * 31 % 50)]);

    [Fact]
    public void An_epoch_gives_the_training_rows_and_no_others()
    {
        using var data = Tables.Import(_folder, Tables.Normal(70_000, 1));
        var split = Split.Of(data, new(1, 0.1, 0.1));
        var order = new EpochOrder(split, seed: 5);
        var (shuffled, inOrder) = (new double[split.TrainRows], new double[split.TrainRows]);
        order.Gather(epoch: 2, 0, (int)split.TrainRows, shuffled);
        split.Gather(RowSide.Train, 0, (int)split.TrainRows, inOrder);
        Assert.NotEqual(inOrder, shuffled);
        Assert.Equal(inOrder.Order(), shuffled.Order());
    }

    [Fact]
    public void Epochs_and_seeds_differ_and_repeat_exactly()
    {
        using var data = Tables.Import(_folder, Tables.Normal(5000, 1));
        var split = Split.Of(data, new(1, 0.1, 0.1));
        Assert.Equal(Ids(split, seed: 1, epoch: 1), Ids(split, seed: 1, epoch: 1));
        Assert.NotEqual(Ids(split, seed: 1, epoch: 1), Ids(split, seed: 1, epoch: 2));
        Assert.NotEqual(Ids(split, seed: 1, epoch: 1), Ids(split, seed: 2, epoch: 1));
    }

    [Fact]
    public void The_order_is_the_one_of_every_earlier_release()
    {
        var counting = Tables.All(_folder.Write("counting.npy", Npy.Of(Counting(70_000)))); // no logarithm or cosine of some machine's library decides these bits
        using var data = Tables.Import(_folder, counting with { Kinds = counting.Kinds.Add("x0", "number") });
        Assert.Equal(Golden, Ids(Split.Of(data, new(0, 0.1, 0.1)), seed: 0, epoch: 1)[..8]);
    }

    [Fact]
    public void A_sorted_file_is_well_mixed()
    {
        using var data = Tables.Import(_folder, Tables.Normal(70_000, 1));
        var ids = Ids(Split.Of(data, new(0, 0, 0)), seed: 0, epoch: 0);
        var means = ids.Chunk(500).Select(batch => batch.Average()).ToList(); // sd of a mean: 70,000/√12/√500 = 904
        Assert.All(means, mean => Assert.InRange(mean, 35_000 - 4_500, 35_000 + 4_500));
        Assert.InRange(Math.Sqrt(means.Average(mean => Math.Pow(mean - 35_000, 2))), 700, 1_100);
    }

    [Fact]
    public void The_hashes_of_the_shards_add_up_to_that_of_the_epoch()
    {
        using var data = Tables.Import(_folder, Tables.Normal(70_000, 1));
        var order = new EpochOrder(Split.Of(data, new(1, 0.1, 0.1)), seed: 5);
        var sum = 0UL;
        for (var position = 0L; position < order.Rows; position += 512)
            sum += Hash(position, (int)Math.Min(512, order.Rows - position));
        Assert.Equal(order.Hash, sum);
        Assert.NotEqual(order.Hash, sum - Hash(7, 1) + Hash(8, 1));

        ulong Hash(long position, int count) => order.Gather(3, position, count, new double[count]);
    }

    [Fact]
    public void Many_threads_in_different_epochs_gather_the_same_rows()
    {
        using var data = Tables.Import(_folder, Tables.Normal(20_000, 2));
        var order = new EpochOrder(Split.Of(data, new(1, 0.1, 0.1)), seed: 5);
        var alone = Enumerable.Range(0, 8).Select(epoch => Gather(order, epoch)).ToArray();
        Parallel.For(0, 64, i => Assert.Equal(alone[i % 8], Gather(order, i % 8)));
    }

    [Fact]
    public void Positions_outside_the_epoch_are_refused()
    {
        using var data = Tables.Import(_folder, Tables.Normal(100, 1));
        var order = new EpochOrder(Split.Of(data, new(1, 0.1, 0.1)), seed: 5);
        Assert.Throws<ArgumentOutOfRangeException>(() => order.Gather(0, order.Rows - 1, 2, new double[2]));
    }

    private static readonly long[] Golden = [31055, 36101, 26441, 25077, 22275, 50832, 63553, 68327];

    private static bool VisitsAll(int n, ulong key)
    {
        var (permutation, seen) = (new KeyedPermutation(n, key), new bool[n]);
        for (var position = 0L; position < n; position++) seen[permutation[position]] = true;
        return !seen.Contains(false);
    }

    private static double[,] Counting(int rows)
    {
        var table = new double[rows, 1];
        for (var row = 0; row < rows; row++)
            table[row, 0] = row;
        return table;
    }

    private static void RequireBijection(int[] blocks)
    {
        var rows = new RowSet([.. blocks.Select(count => Enumerable.Range(0, count).Select(row => (ushort)(row * 2)).ToArray())]);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var plan = new EpochPlan(rows, seed: 9, epoch);
            var (all, visited) = (new RowPlace[rows.Count], new RowPlace[rows.Count]);
            rows.Locate(0, all);
            plan.Locate(0, visited);
            Assert.Equal(all, visited.OrderBy(place => place.Block).ThenBy(place => place.Row));
        }
    }

    private static long[] Ids(Split split, long seed, long epoch)
    {
        var places = new RowPlace[split.TrainRows];
        new EpochPlan(split.Side(RowSide.Train), seed, epoch).Locate(0, places);
        return [.. places.Select(place => ((long)place.Block * split.Data.Manifest.RowsPerBlock) + place.Row)];
    }

    private static double[] Gather(EpochOrder order, long epoch)
    {
        var rows = new double[1000 * 2];
        order.Gather(epoch, 500, 1000, rows);
        return rows;
    }
}
