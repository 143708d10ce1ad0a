using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Flows.Numerics;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunGrainTests
{
    [Fact]
    public async Task A_table_reached_through_a_link_is_the_table_itself_also_after_it_has_changed()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan();
        var link = Path.Combine(Path.GetDirectoryName(plan.Data.Path)!, "link.csv");
        File.CreateSymbolicLink(link, plan.Data.Path);
        var linked = plan with { Data = plan.Data with { Path = link } };
        File.SetLastWriteTimeUtc(plan.Data.Path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc)); // old enough to be remembered
        var (direct, through) = (await embedded.Train("m", plan), await embedded.Train("m", linked));
        Assert.Equal((direct.Version, direct.WeightsSha256), (through.Version, through.WeightsSha256));

        var lines = await File.ReadAllLinesAsync(plan.Data.Path, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(plan.Data.Path, lines.SkipLast(100), TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(plan.Data.Path, new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal((2, direct.Rows - 100), ((await embedded.Train("m", linked)) is var changed ? changed.Version : 0, changed.Rows));
    }

    [Fact]
    public async Task A_run_learns_and_publishes_a_model()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("learns", embedded.Plan(steps: 200));
        Assert.Equal(("learns", 1, 600L, 2, 200L), (result.Model, result.Version, result.Rows, result.Dimension, result.Steps));
        Assert.True(result.ValidationNll < result.GaussianNll - 0.3, $"flow {result.ValidationNll}, Gaussian {result.GaussianNll}");
        Assert.Equal(["card.md", "epochs.csv", "flow.json", "golden.json", "model.safetensors", "reference.npy", "rounds.csv", "run.json"], Directory.EnumerateFiles(result.Path).Select(path => Path.GetFileName(path)).Order());
    }

    [Theory, InlineData("nice"), InlineData("realnvp"), InlineData("nsf"), InlineData("maf"), InlineData("iaf"), InlineData("nsf-ar")]
    public async Task One_and_three_slots_end_with_the_same_bits(string preset)
    {
        await using var one = await EmbeddedFixture.Start(slots: 1);
        await using var three = await EmbeddedFixture.Start(slots: 3);
        var alone = await one.Train("m", one.Plan(preset));
        var together = await three.Train("m", three.Plan(preset));
        Assert.Equal(alone.WeightsSha256, together.WeightsSha256);
        Assert.Equal(alone.ValidationNll, together.ValidationNll);
    }

    [Fact]
    public async Task The_weights_that_validated_best_are_published_not_the_last()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var plan = embedded.Plan(steps: 400) with { LearningRate = 0.05, Settings = embedded.Plan().Settings.SetItem("hidden", "64").Add("average_decay", "0") }; // it overfits 480 rows soon
        var result = await embedded.Train("m", plan);
        var losses = await embedded.Run("m").History();
        var validations = losses.Where(point => point.ValidationNats is not null).ToList();
        var best = validations.MinBy(point => point.ValidationNats)!;
        Assert.True(best.Step < 400 && best.ValidationNats < validations[^1].ValidationNats, "the last validation was the best");
        Assert.Equal(best.ValidationNats!.Value, result.ValidationNll, 1e-6);
    }

    [Fact]
    public async Task A_run_that_another_activation_has_claimed_is_left_to_it_and_does_not_fail()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: 1_000_000), TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step >= 20);
        using var journal = new SqliteJournal(Options.Create(new StorageOptions { Root = embedded.Home }), TimeProvider.System);
        await journal.Claim("m", 1);
        var left = await EmbeddedFixture.Until(run, progress => progress.Phase != RunPhase.Training);
        Assert.Equal((RunPhase.Stopped, null), (left.Phase, left.Failure));
        Assert.Equal(RunPhase.Training, (await journal.Newest("m"))!.Phase); // the other one's to change
    }

    [Fact]
    public async Task Fewer_training_rows_than_columns_are_refused()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var random = new CounterRandom(1, "wide");
        var table = embedded.Write("wide.csv", Enumerable.Range(0, 22).Select(row => string.Join(',', Enumerable.Range(0, 20).Select(column => $"{random.Normal(row * 20 + column):F6}"))));
        var plan = embedded.Plan() with { Data = new(table, [], [], MissingRows.Refuse), ValidationFraction = 0.3, Shards = 1 };
        var error = await Assert.ThrowsAsync<BadInputException>(() => embedded.Run("m").Start(plan, TestContext.Current.CancellationToken));
        Assert.Matches("'wide.csv' has \\d+ training rows for 20 columns", error.Message);
    }

    [Fact]
    public async Task A_column_that_varies_in_held_out_rows_alone_is_refused_by_its_name()
    {
        await using var embedded = await EmbeddedFixture.Start();
        foreach (var odd in Enumerable.Range(0, 60)) // some row of these is held out
        {
            var table = embedded.Write("odd.csv", ["a,b", .. Enumerable.Range(0, 60).Select(row => $"{row * 37 % 61},{(row == odd ? 4.5 : 3.5)}")]);
            try
            {
                await embedded.Run($"m{odd}").Start(embedded.Plan() with { Data = new(table, [], [], MissingRows.Refuse), ValidationFraction = 0.3, Steps = 1 }, TestContext.Current.CancellationToken);
            }
            catch (BadInputException error)
            {
                Assert.Matches("'odd.csv' has a constant column among its \\d+ training rows: 'b' \\(always 3.5\\)", error.Message);
                return;
            }
        }

        Assert.Fail("No row was held out.");
    }

    [Fact]
    public async Task Context_columns_are_conditioned_on_and_help()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var without = await embedded.Train("without", embedded.Plan(steps: 150));
        var with = await embedded.Train("with", embedded.Plan(steps: 150, context: true));
        Assert.True(with.ValidationNll < without.ValidationNll - 0.2, $"with {with.ValidationNll}, without {without.ValidationNll}");
        Assert.True(with.GaussianNll < without.GaussianNll);
    }

    [Fact]
    public async Task A_run_that_stops_and_starts_again_ends_with_the_bits_of_an_undisturbed_one()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan(steps: 300));

        using var folder = new TempFolder();
        await using (var first = await EmbeddedFixture.Start(slots: 2, folder))
        {
            var run = first.Run("m");
            await run.Start(first.Plan(steps: 300), TestContext.Current.CancellationToken);
            await EmbeddedFixture.Until(run, progress => progress.Step >= 20);
            var stopped = await run.Stop();
            Assert.Equal(RunPhase.Stopped, stopped.Phase);
            Assert.InRange(stopped.Step, 20, 299);
        }

        await using var second = await EmbeddedFixture.Start(slots: 1, folder);
        var resumed = await second.Train("m", second.Plan(steps: 300));
        Assert.Equal(undisturbed.WeightsSha256, resumed.WeightsSha256);
        Assert.True((await second.Run("m").Progress()).ResumedAtStep >= 20);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_passed_over_for_the_one_before()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan(steps: 200));

        using var folder = new TempFolder();
        var snapshots = await StopTwice(folder);
        await File.WriteAllBytesAsync(Path.Combine(snapshots[^1], "range-00.bin"), [1, 2, 3], TestContext.Current.CancellationToken);

        await using var last = await EmbeddedFixture.Start(slots: 2, folder);
        var resumed = await last.Train("m", last.Plan(steps: 200));
        Assert.Equal(undisturbed.WeightsSha256, resumed.WeightsSha256);
        Assert.Equal(RoundOf(snapshots[0]), (await last.Run("m").Progress()).ResumedAtStep);
        Assert.DoesNotContain(snapshots[^1], Directory.EnumerateDirectories(Path.GetDirectoryName(snapshots[^1])!));
    }

    [Fact]
    public async Task An_equal_plan_reports_a_finished_run_again_and_another_makes_the_next_version()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var first = await embedded.Train("m", embedded.Plan(steps: 10));
        var again = await embedded.Train("m", embedded.Plan(steps: 10));
        var other = await embedded.Train("m", embedded.Plan(steps: 12));
        var back = await embedded.Train("m", embedded.Plan(steps: 10));
        Assert.Equal((1, 1, 2, 1), (first.Version, again.Version, other.Version, back.Version));
        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Starting_the_same_plan_twice_trains_once()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var run = embedded.Run("m");
        var plan = embedded.Plan(steps: 200);
        await run.Start(plan, TestContext.Current.CancellationToken);
        var second = await run.Start(plan, TestContext.Current.CancellationToken);
        Assert.Equal(1, second.Version);
        await EmbeddedFixture.Until(run, progress => progress.Phase == RunPhase.Finished);
    }

    [Fact]
    public async Task Another_plan_is_refused_while_the_run_trains()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: 100_000), TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<RunConflictException>(() => run.Start(embedded.Plan(steps: 5), TestContext.Current.CancellationToken));
        Assert.Contains("'m'", error.Message);
        await run.Stop();
    }

    [Fact]
    public async Task A_run_that_another_process_trains_is_refused_with_its_number()
    {
        using var folder = new TempFolder();
        await using var embedded = await EmbeddedFixture.Start(slots: 1, folder);
        using var held = await RunLock.Take(Path.Combine(embedded.Home, "runs", "m"), "m", TimeProvider.System);
        var error = await Assert.ThrowsAsync<RunConflictException>(() => embedded.Run("m").Start(embedded.Plan(), TestContext.Current.CancellationToken));
        Assert.Contains($"process {Environment.ProcessId}", error.Message);
        Assert.Empty(await embedded.Cluster.Grains.GetGrain<FlowGrain.Cluster.IClusterGrain>(0).Runs());
    }

    [Fact]
    public async Task Minutes_fix_the_number_of_steps_and_the_run_ends_at_it()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", embedded.Plan() with { Steps = null, Minutes = 0.03 });
        var progress = await embedded.Run("m").Progress();
        Assert.True(result.Steps > 20, $"{result.Steps} steps");
        Assert.Equal(result.Steps, progress.Steps);
    }

    [Fact]
    public async Task Minutes_train_the_bits_of_as_many_steps()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var timed = await embedded.Train("timed", embedded.Plan() with { Steps = null, Minutes = 0.005 });
        var counted = await embedded.Train("counted", embedded.Plan(steps: (int)timed.Steps));
        Assert.Equal(counted.WeightsSha256, timed.WeightsSha256);
    }

    [Fact]
    public async Task A_run_at_rest_knows_how_far_it_came()
    {
        using var folder = new TempFolder();
        await using (var first = await EmbeddedFixture.Start(folder: folder)) await first.Train("m", first.Plan(steps: 30));
        await using var second = await EmbeddedFixture.Start(folder: folder);
        var progress = await second.Run("m").Progress();
        Assert.Equal((RunPhase.Finished, 30L, 30L, null), (progress.Phase, progress.Step, progress.Steps, progress.ResumedAtStep));
        Assert.Equal(30 / 5.0, progress.Epoch, 0.5);
    }

    [Fact]
    public async Task A_bad_plan_leaves_no_run_behind()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var run = embedded.Run("m");
        await Assert.ThrowsAsync<BadInputException>(() => run.Start(embedded.Plan("nsff"), TestContext.Current.CancellationToken));
        Assert.Equal(RunPhase.Idle, (await run.Progress()).Phase);
        Assert.Empty(await embedded.Cluster.Grains.GetGrain<FlowGrain.Cluster.IClusterGrain>(0).Runs());
    }

    [Fact]
    public async Task A_deleted_run_is_gone()
    {
        await using var embedded = await EmbeddedFixture.Start();
        await embedded.Train("m", embedded.Plan(steps: 5));
        await embedded.Run("m").Delete();
        Assert.Empty(await embedded.Cluster.Grains.GetGrain<FlowGrain.Cluster.IClusterGrain>(0).Runs());
        Assert.Equal(RunPhase.Idle, (await embedded.Run("m").Progress()).Phase);
    }

    [Fact]
    public async Task A_deleted_run_that_begins_again_leaves_its_old_models_alone()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var old = await embedded.Train("m", embedded.Plan(steps: 5));
        await embedded.Run("m").Delete();
        var young = await embedded.Train("m", embedded.Plan(steps: 6));
        Assert.Equal((1, 2), (old.Version, young.Version));
        Assert.Equal(young.WeightsSha256, (await embedded.Cluster.Grains.GetGrain<FlowGrain.Serving.IModelGrain>("m").Describe(null)).WeightsSha256);
        Assert.Equal(old.WeightsSha256, (await embedded.Cluster.Grains.GetGrain<FlowGrain.Serving.IModelGrain>("m").Describe("1")).WeightsSha256);
    }

    [Theory, InlineData(".."), InlineData("../models"), InlineData(".")]
    public async Task A_name_that_leads_out_of_the_runs_deletes_nothing(string name)
    {
        await using var embedded = await EmbeddedFixture.Start();
        var kept = Directory.CreateDirectory(Path.Combine(embedded.Home, "models", "1"));
        await Assert.ThrowsAsync<BadInputException>(() => embedded.Run(name).Delete());
        Assert.True(Directory.Exists(kept.FullName));
    }

    private static async Task<string[]> StopTwice(TempFolder folder)
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 2, folder);
        foreach (var step in new[] { 10, 60 })
        {
            var run = embedded.Run("m");
            await run.Start(embedded.Plan(steps: 200), TestContext.Current.CancellationToken);
            await EmbeddedFixture.Until(run, progress => progress.Step >= step);
            await run.Stop();
        }

        return [.. Directory.EnumerateDirectories(Path.Combine(folder.In("home"), "runs", "m", "1")).Order()];
    }

    private static long RoundOf(string snapshot) => long.Parse(Path.GetFileName(snapshot)[1..9]);
}
