using System.Globalization;
using FlowGrain.Bench.Scaling;
using FlowGrain.Tests.Docs;

namespace FlowGrain.Tests.Bench;

/// <summary>What reaches the busiest node in a round over four silos is what docs/scaling.md says, and the root has the bits of one tree in one process.</summary>
[Collection("ports of the test process")] // one looks that nothing listens, the other listens
public sealed class ScalingTests
{
    private const int Parameters = 16 * 4096;

    private static readonly SyntheticGradients Synthetic = new(Parameters);

    [Fact]
    public async Task Every_way_brings_what_its_formula_says_and_ends_with_the_same_bits()
    {
        using var home = new TempFolder();
        await using var cluster = await LoopbackSilos.Start(4, home.Path, TestContext.Current.CancellationToken);
        var (figures, reference) = await ScalingProof.Measure(cluster, new ScalingSize(100), home.Path, ReductionWay.All, _ => { });
        Assert.Equal(["flat", "ranged", "tree", "combined", "combined, ranged"], figures.Select(figure => figure.Way.Name));
        Assert.Empty(ScalingProof.Faults(figures, reference));
        Assert.Equal(figures.Count, ScalingProof.Faults(figures, reference: "other bits").Count());
        Assert.Equal(reference, ScalingRound.HashOf(Pairwise(first: 0, count: 128))); // 100 workers have 128 shards
    }

    [Fact]
    public void Gradients_are_such_that_another_order_gives_other_bits() =>
        Assert.NotEqual(ScalingRound.HashOf(Pairwise(first: 0, count: 128)), ScalingRound.HashOf(InTurn(128)));

    [Theory]
    [InlineData(100, 128, 2), InlineData(1_000, 1_024, 3), InlineData(10_000, 16_384, 4)]
    public void Each_worker_has_a_shard_or_two_each_silo_a_node_of_the_tree_and_combiners_take_log_k_of_W_hops(int workers, int shards, int hops)
    {
        var size = new ScalingSize(workers);
        var silos = Enumerable.Range(0, 4).Select(silo => size.WorkersOf(silo, "run", "silo").ToList()).ToList();
        Assert.Equal(Enumerable.Range(0, shards), silos.SelectMany(silo => silo.SelectMany(worker => worker.Shards)));
        Assert.All(silos, silo => Assert.Equal((workers / 4, shards / 4), (silo.Count, silo.Sum(worker => worker.Count))));
        Assert.All(silos.SelectMany(silo => silo), worker => Assert.Equal(0, worker.First % worker.Count));
        Assert.Equal(hops, new CombinerTree(size, "run", "run/0", []).Hops);
    }

    [Fact]
    public void The_document_has_every_way_at_every_size_within_five_percent()
    {
        var rows = Document.Read("docs/scaling.md").Sections.SelectMany(section => section.Lines).Select(Cells).Where(cells => cells.Length == 11).ToList();
        foreach (var way in ReductionWay.All)
        {
            foreach (var size in new[] { 100, 1_000, 10_000 }.Select(workers => new ScalingSize(workers)))
            {
                var row = Assert.Single(rows, cells => cells[0] == way.Name && cells[1] == size.Workers.ToString("N0", CultureInfo.InvariantCulture));
                Assert.InRange(Number(row[2]) / way.Messages.Of(size), 0.95, 1.05);
                Assert.InRange(Number(row[5]) / way.Bytes.Of(size), 0.95, 1.05);
            }
        }
    }

    private static string[] Cells(string line) => line.Trim('|').Split('|', StringSplitOptions.TrimEntries);

    private static double Number(string cell) => double.Parse(cell, NumberStyles.Number, CultureInfo.InvariantCulture);

    private static float[] Pairwise(int first, int count) =>
        count == 1 ? Gradient(first) : Sum(Pairwise(first, count / 2), Pairwise(first + count / 2, count / 2));

    private static float[] InTurn(int shards) => Enumerable.Range(0, shards).Select(Gradient).Aggregate(Sum);

    private static float[] Sum(float[] left, float[] right) => [.. left.Zip(right, (a, b) => a + b)];

    private static float[] Gradient(int shard)
    {
        var gradient = new float[Parameters];
        Synthetic.Write(shard, gradient);
        return gradient;
    }
}
