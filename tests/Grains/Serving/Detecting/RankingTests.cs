using FlowGrain.Flows.Numerics;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Grains.Serving.Detecting;

public sealed class RankingTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(6)]
    public void Both_figures_are_those_of_their_definitions_ties_included(int decimals)
    {
        var rows = Rows(decimals);
        var (anomalies, normals) = (rows.Where(row => row.IsAnomaly).ToList(), rows.Where(row => !row.IsAnomaly).ToList());
        var pairs = anomalies.Sum(a => normals.Sum(b => a.Score > b.Score ? 1 : a.Score == b.Score ? 0.5 : 0));
        var precision = anomalies.Select(row => row.Score).Distinct().Sum(threshold =>
            anomalies.Count(row => row.Score == threshold) * (double)anomalies.Count(row => row.Score >= threshold) / rows.Count(row => row.Score >= threshold)) / anomalies.Count;
        var report = Report(rows)!;
        Assert.Equal((anomalies.Count, normals.Count), (report.Anomalies, report.Normals));
        Assert.Equal(pairs / anomalies.Count / normals.Count, report.Auroc, 1e-12);
        Assert.Equal(precision, report.AveragePrecision, 1e-12);
    }

    [Fact]
    public void Opposite_labels_have_the_opposite_figure()
    {
        var rows = Rows(decimals: 1);
        Assert.Equal(1 - Report(rows)!.Auroc, Report(rows.Select(row => (row.Score, !row.IsAnomaly)))!.Auroc, 1e-12);
    }

    [Fact]
    public void Rows_in_the_order_of_their_labels_are_ranked_perfectly_and_equal_ones_not_at_all()
    {
        Assert.Equal((1, 1), Figures([(1, false), (2, true), (3, true)]));
        Assert.Equal((0.5, 2.0 / 3), Figures([(1, false), (1, true), (1, true)]));
        Assert.Equal((1, 1), Figures([(1, false), (float.PositiveInfinity, true)]));
    }

    [Fact]
    public void One_label_alone_ranks_nothing_and_a_row_without_a_score_ranks_nowhere()
    {
        Assert.Null(Report([(1, true), (2, true)]));
        Assert.Null(Report([(1, true), (float.NaN, false)]));
    }

    private static (double, double) Figures(IEnumerable<(float, bool)> rows) => Report(rows) is { } report ? (report.Auroc, report.AveragePrecision) : default;

    private static RankingReport? Report(IEnumerable<(float Score, bool IsAnomaly)> rows)
    {
        var ranking = new Ranking();
        foreach (var (score, isAnomaly) in rows) ranking.Add(score, isAnomaly);
        return ranking.Report();
    }

    private static List<(float Score, bool IsAnomaly)> Rows(int decimals)
    {
        var random = new CounterRandom(3, "ranked");
        return [.. Enumerable.Range(0, 300).Select(i => (MathF.Round((float)(random.Normal(i) + (i % 5 == 0 ? 1 : 0)), decimals), i % 5 == 0))];
    }
}
