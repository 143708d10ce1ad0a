using System.Collections.Immutable;
using FlowGrain.Data;
using FlowGrain.Training;
using FsCheck;
using FsCheck.Fluent;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunScheduleTests
{
    private static readonly TrainingPlan Plan = new()
    {
        Data = new DataSelection("x.csv", [], [], MissingRows.Refuse),
        BatchRows = 10,
        Shards = 4,
    };

    private static readonly Arbitrary<PositiveInt> Size = ArbMap.Default.ArbFor<PositiveInt>();

    [Theory, InlineData(SyncMode.Sync, null), InlineData(SyncMode.Local, 3)]
    public void Every_row_of_a_pass_is_in_exactly_one_shard_of_one_round(SyncMode mode, int? innerSteps) => Prop.ForAll(Size, Size, Size, (rows, batch, shards) =>
    {
        var schedule = RunSchedule.Of(Plan with { Mode = mode, InnerSteps = innerSteps, BatchRows = batch.Get, Shards = shards.Get }, rows.Get);
        var seen = new int[rows.Get];
        foreach (var (pass, first, count) in Slices(schedule, pass: 1))
            for (var i = first; i < first + count; i++) seen[i] += pass == 1 ? 1 : -1;
        return seen.All(times => times == 1);
    }).Check(Config.QuickThrowOnFailure.WithEndSize(500).WithQuietOnSuccess(true));

    [Fact]
    public void A_table_smaller_than_a_round_is_one_round_a_pass()
    {
        Assert.Equal(1, RunSchedule.Of(Plan, 7).RoundsPerPass);
    }

    [Fact]
    public void Without_a_limit_a_run_makes_a_hundred_passes_and_has_patience_ten()
    {
        Assert.Equal(100 * 3, RunSchedule.Of(Plan, 120).Steps(Plan));
        Assert.Equal(10, RunSchedule.Patience(Plan));
    }

    [Fact]
    public void A_run_with_a_limit_stops_early_only_when_asked()
    {
        Assert.Null(RunSchedule.Patience(Plan with { Steps = 5 }));
        Assert.Equal(3, RunSchedule.Patience(Plan with { Steps = 5, Patience = 3 }));
        Assert.Equal(5, RunSchedule.Of(Plan, 120).Steps(Plan with { Steps = 5 }));
        Assert.Equal(6, RunSchedule.Of(Plan, 120).Steps(Plan with { Epochs = 2 }));
        Assert.Null(RunSchedule.Of(Plan, 120).Steps(Plan with { Minutes = 1 }));
    }

    [Theory, InlineData(1), InlineData(7), InlineData(100_000)]
    public void The_last_round_is_validated(long steps)
    {
        Assert.True(RunSchedule.Of(Plan, 120).ValidatesAfter(steps, steps));
    }

    [Fact]
    public void A_run_on_a_table_that_it_does_not_see_once_still_validates_ten_times()
    {
        var schedule = RunSchedule.Of(Plan, 1_000_000);
        Assert.Equal(10, Enumerable.Range(1, 1000).Count(round => schedule.ValidatesAfter(round, 1000)));
    }

    [Fact]
    public void Faults_of_a_plan_are_told_all_at_once()
    {
        var error = Assert.Throws<BadInputException>(() => PlanRules.Require(Plan with { Steps = -3, Epochs = 2, Shards = 0, LearningRate = double.NaN, ValidationFraction = 1 }));
        foreach (var word in new[] { "--steps is -3", "exclude", "--shards is 0", "--lr", "--validation" }) Assert.Contains(word, error.Message);
    }

    [Fact]
    public void Fewer_rows_than_shards_are_refused_with_the_way_out()
    {
        var error = Assert.Throws<BadInputException>(() => PlanRules.RequireRows(Plan with { Shards = 100 }, 30, 3));
        Assert.Contains("30 training rows for 100 shards", error.Message);
    }

    [Fact]
    public void A_table_without_a_validation_row_is_told_to_be_too_small_for_one()
    {
        var error = Assert.Throws<BadInputException>(() => PlanRules.RequireRows(Plan, trainRows: 12, validationRows: 0));
        Assert.Equal("'x.csv' is too small for a row of validation: of its rows, 12 of which train, none fell into the share of 0.1 that --validation keeps (equal rows fall on one side); add rows that differ, raise --validation, or set it to 0.", error.Message);
        PlanRules.RequireRows(Plan with { ValidationFraction = 0 }, trainRows: 12, validationRows: 0);
    }

    [Fact]
    public void An_unknown_setting_is_answered_with_those_there_are()
    {
        var settings = ImmutableSortedDictionary.Create<string, string>().Add("hiden", "3").Add("bins", "1");
        var error = Assert.Throws<BadInputException>(() => RunSettings.Of(Plan with { Settings = settings }));
        Assert.Contains("'hiden'", error.Message);
        Assert.Contains("hidden", error.Message);
        Assert.Contains("bins=1", error.Message);
    }

    private static IEnumerable<(long Pass, long First, int Rows)> Slices(RunSchedule schedule, long pass) =>
        from round in Enumerable.Range(0, (int)schedule.RoundsPerPass)
        from shard in Enumerable.Range(0, schedule.Shards)
        select schedule.Slice(pass * schedule.RoundsPerPass + round, shard);
}
