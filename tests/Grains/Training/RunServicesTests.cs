using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>What a run goes on from when its journal or its checkpoints are lost.</summary>
public sealed class RunServicesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_whose_checkpoints_are_away_stays_as_it_is_and_goes_on_when_they_are_back()
    {
        using var folder = new TempFolder();
        await using var embedded = await EmbeddedFixture.Start(folder: folder);
        var (run, plan) = (embedded.Run("m"), embedded.Plan(steps: 3000));
        await run.Start(plan, Cancellation);
        await EmbeddedFixture.Until(run, progress => progress.Step >= 20);
        var stopped = await run.Stop();
        Move(Checkpoints(embedded), folder.In("away"));

        var refused = await Assert.ThrowsAsync<BadInputException>(() => run.Resume(acceptClass: false, Cancellation));
        Assert.Matches($"^Run 'm' cannot go on: of its checkpoints r{stopped.Step:00000000}\\.e1.* in '{Checkpoints(embedded)}' none is there undamaged; see that this is the disk that had them", refused.Message);
        await Assert.ThrowsAsync<BadInputException>(() => run.Start(plan, Cancellation)); // nor does the same command again begin anew
        Assert.Equal((RunPhase.Stopped, stopped.Step), (await run.Progress()) is var now ? (now.Phase, now.Step) : default);

        Move(folder.In("away"), Checkpoints(embedded));
        Assert.Equal(stopped.Step, (await run.Resume(acceptClass: false, Cancellation)).ResumedAtStep);
        await run.Stop();
    }

    [Fact]
    public async Task After_the_journal_is_lost_epochs_count_on_from_what_is_on_disk_and_each_round_is_in_the_record_once()
    {
        using var folder = new TempFolder();
        await using (var first = await EmbeddedFixture.Start(folder: folder))
        {
            var run = first.Run("m");
            await run.Start(first.Plan(steps: 200), Cancellation);
            await EmbeddedFixture.Until(run, progress => progress.Step >= 20);
            await run.Stop();
        }

        foreach (var file in Directory.EnumerateFiles(folder.In("home"), "journal.db*")) File.Delete(file);
        await using var second = await EmbeddedFixture.Start(folder: folder);
        var result = await second.Train("m", second.Plan(steps: 200));
        Assert.Equal(Enumerable.Range(1, 200).Select(step => (long)step), RunRecords.Rounds(result.Path).Select(round => round.Step));
        Assert.Equal(["rounds.e1.csv", "rounds.e2.csv"], Directory.EnumerateFiles(Checkpoints(second), "rounds.*").Select(path => Path.GetFileName(path)).Order());
    }

    private static string Checkpoints(EmbeddedFixture embedded) => Path.Combine(embedded.Home, "runs", "m", "1");

    private static void Move(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "r*.e*").ToList()) Directory.Move(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
