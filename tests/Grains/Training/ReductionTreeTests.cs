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
                tree.Add(ShardSpan.Of(shard), Leaf(shard), new ShardTotals(shard, 10, 1), []);
            }

            Assert.Equal((true, new ShardTotals(6, 40, 4)), (tree.IsFull, tree.Root.Totals));
            tree.Clear();
        }
    }

    [Theory, MemberData(nameof(Shards))]
    public void Sums_that_were_combined_elsewhere_give_the_same_bits(int shards)
    {
        var whole = Reduce(shards, [.. Enumerable.Range(0, shards)]);
        for (var trial = 0; trial < 20; trial++)
        {
            var random = new CounterRandom(trial, "silos");
            var silos = Enumerable.Range(0, 3).Select(_ => new ReductionTree(shards, Length)).ToArray();
            for (var shard = 0; shard < shards; shard++) silos[random.Below(3, shard)].Add(ShardSpan.Of(shard), Leaf(shard), new ShardTotals(0, 1, 1), [new ShardLeaf(shard, "w", 1)]);
            var root = new ReductionTree(shards, Length);
            foreach (var node in silos.SelectMany(silo => silo.TakeAll())) Assert.True(root.Add(node.Span, node.Sums, node.Totals, node.Leaves));
            Assert.Equal(whole, root.Root.Sums);
            Assert.Equal(shards, root.Root.Totals.Rows);
            Assert.Equal(Enumerable.Range(0, shards), root.Root.Leaves.Select(leaf => leaf.Shard));
        }
    }

    [Fact]
    public void A_shard_counts_once_whichever_sums_bring_it()
    {
        var tree = new ReductionTree(8, Length);
        var pair = new ReductionTree(8, Length);
        foreach (var shard in new[] { 2, 3 }) pair.Add(ShardSpan.Of(shard), Leaf(shard), new ShardTotals(shard, 10, 1), []);
        var (span, sums) = pair.TakeAll() is [var node] ? (node.Span, node.Sums) : default;
        Assert.Equal(new ShardSpan(1, 1), span);

        Assert.True(tree.Add(ShardSpan.Of(3), Leaf(3), new ShardTotals(3, 10, 1), []));
        Assert.False(tree.Add(ShardSpan.Of(3), Leaf(3), new ShardTotals(3, 10, 1), []));
        Assert.True(tree.Add(span, sums, new ShardTotals(5, 20, 2), [])); // it replaces the shard that it covers
        Assert.False(tree.Add(ShardSpan.Of(2), Leaf(2), new ShardTotals(2, 10, 1), []));
        Assert.True(tree.Has(2) && tree.Has(3) && !tree.Has(1));
        foreach (var shard in new[] { 0, 1, 4, 5, 6, 7 }) tree.Add(ShardSpan.Of(shard), Leaf(shard), new ShardTotals(shard, 10, 1), []);
        Assert.Equal(new ShardTotals(28, 80, 8), tree.Root.Totals);
        Assert.Equal(Reduce(8, [.. Enumerable.Range(0, 8)]), tree.Root.Sums);
    }

    private static float[] Reduce(int shards, int[] order)
    {
        var tree = new ReductionTree(shards, Length);
        foreach (var shard in order) tree.Add(ShardSpan.Of(shard), Leaf(shard), new ShardTotals(0, 0, 1), []);
        Assert.True(tree.IsFull);
        return [.. tree.Root.Sums];
    }

    private static float[] Leaf(int shard)
    {
        var random = new CounterRandom(shard, "leaf");
        return [.. Enumerable.Range(0, Length).Select(i => (float)random.Normal(i))];
    }
}
