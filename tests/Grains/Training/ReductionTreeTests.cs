using FlowGrain.Flows.Numerics;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class ReductionTreeTests
{
    private const int Length = 37; // not a multiple of any vector

    public static TheoryData<int> Shards => [1, 2, 3, 4, 5, 7, 8, 13, 16, 17];

    [Theory, MemberData(nameof(Shards))]
    public void The_sum_has_the_same_bits_in_every_order_of_arrival(int shards)
    {
        var inOrder = Reduce(shards, [.. Enumerable.Range(0, shards)]);
        for (var trial = 0; trial < 20; trial++)
        {
            Assert.Equal(inOrder, Reduce(shards, new CounterRandom(trial, "arrival").Permutation(shards)));
        }
    }

    [Theory, MemberData(nameof(Shards))]
    public void The_sum_is_the_sum(int shards)
    {
        var sum = Reduce(shards, [.. Enumerable.Range(0, shards)]);
        for (var i = 0; i < Length; i++)
        {
            var expected = Enumerable.Range(0, shards).Sum(shard => (double)Leaf(shard)[i]);
            Assert.Equal(expected, sum[i], 1e-5);
        }
    }

    [Fact]
    public void Three_shards_are_summed_as_the_first_two_and_then_the_third()
    {
        var (a, b, c) = (Leaf(0)[0], Leaf(1)[0], Leaf(2)[0]);
        Assert.Equal(a + b + c, Reduce(3, [2, 0, 1])[0]);
    }

    [Fact]
    public void Losses_and_rows_are_summed_and_a_cleared_tree_starts_again()
    {
        var tree = new ReductionTree(4, Length);
        for (var round = 0; round < 3; round++)
        {
            for (var shard = 0; shard < 4; shard++)
            {
                Assert.False(tree.IsFull);
                tree.Add(shard, Leaf(shard), loss: shard, rows: 10);
            }

            Assert.Equal((true, 6.0, 40L), (tree.IsFull, tree.Loss, tree.Rows));
            tree.Clear();
        }
    }

    private static float[] Reduce(int shards, int[] order)
    {
        var tree = new ReductionTree(shards, Length);
        foreach (var shard in order) tree.Add(shard, Leaf(shard), 0, 0);
        Assert.True(tree.IsFull);
        return tree.Sum.ToArray();
    }

    private static float[] Leaf(int shard)
    {
        var random = new CounterRandom(shard, "leaf");
        return [.. Enumerable.Range(0, Length).Select(i => (float)random.Normal(i))];
    }
}
