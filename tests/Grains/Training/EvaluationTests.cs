using FlowGrain.Flows.Numerics;
using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class EvaluationTests
{
    private const long Rows = 50_001; // thirteen parts, the last smaller

    [Fact]
    public void A_part_of_the_rows_is_spread_evenly_over_all_of_them()
    {
        var leases = new Evaluation(ShardWork.ValidateAverage, round: 5, weightsHash: 7, rows: 1_000_000, most: 100_000).Leases;
        Assert.Equal((24, 0), (leases.Length, leases[0].First));
        var gaps = leases.Zip(leases.Skip(1), (one, next) => next.First - one.First).ToArray();
        Assert.InRange(gaps.Max() - gaps.Min(), 0, 4096);
        Assert.InRange(leases[^1].First + leases[^1].Rows, 950_000, 1_000_000);
    }

    [Fact]
    public void Parts_cover_every_row_once()
    {
        var leases = new Evaluation(ShardWork.ValidateAverage, round: 5, weightsHash: 7, Rows).Leases;
        Assert.Equal(13, leases.Length);
        Assert.Equal(Rows, leases.Sum(lease => lease.Rows));
        Assert.Equal(leases.Select(lease => lease.First), leases.Select((_, part) => leases.Take(part).Sum(lease => (long)lease.Rows)));
    }

    [Fact]
    public async Task The_sum_has_the_same_bits_in_every_order_of_arrival()
    {
        var inOrder = await Sum([.. Enumerable.Range(0, 13)]);
        for (var trial = 0; trial < 20; trial++) Assert.Equal(inOrder, await Sum(new CounterRandom(trial, "arrival").Permutation(13)));
        Assert.Equal((Rows, 12.0), (inOrder.Rows, inOrder.RoundTripError));
    }

    [Fact]
    public async Task A_part_that_comes_twice_or_from_another_evaluation_changes_nothing()
    {
        var evaluation = new Evaluation(ShardWork.ValidateAverage, round: 5, weightsHash: 7, rows: 5000);
        var (one, two) = (evaluation.Leases[0], evaluation.Leases[1]);
        evaluation.Report(one, new EvaluationSums(1, 4096, 0));
        evaluation.Report(one, new EvaluationSums(99, 4096, 0));
        evaluation.Report(two with { Round = 4 }, new EvaluationSums(99, 904, 0));
        evaluation.Report(two with { Work = ShardWork.ValidateBest }, new EvaluationSums(99, 904, 0));
        Assert.False(evaluation.Sums.IsCompleted);
        evaluation.Report(two, new EvaluationSums(2, 904, 0.5));
        evaluation.Report(two, new EvaluationSums(99, 904, 0));
        Assert.Equal(new EvaluationSums(3, 5000, 0.5), await evaluation.Sums);
    }

    private static Task<EvaluationSums> Sum(int[] order)
    {
        var evaluation = new Evaluation(ShardWork.ValidateAverage, round: 5, weightsHash: 7, Rows);
        var random = new CounterRandom(1, "sums");
        foreach (var part in order) evaluation.Report(evaluation.Leases[part], new EvaluationSums(random.Normal(part) * Math.Pow(10, part), evaluation.Leases[part].Rows, part));
        Assert.True(evaluation.Sums.IsCompleted);
        return evaluation.Sums;
    }
}
