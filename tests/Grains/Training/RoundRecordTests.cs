using FlowGrain.Training;
using Microsoft.Extensions.DependencyInjection;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>rounds.csv and epochs.csv: every round once, every row once an epoch, whatever happened to the run.</summary>
public sealed class RoundRecordTests
{
    [Fact]
    public async Task A_run_leaves_a_line_a_round_and_a_line_an_epoch()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", embedded.Plan(steps: 12)); // 5 rounds an epoch
        var rounds = RunRecords.Rounds(result.Path);
        Assert.Equal(Enumerable.Range(1, 12).Select(step => (long)step), rounds.Select(round => round.Step));
        Assert.Equal([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3], rounds.Select(round => (int)round.Epoch));
        Assert.All(rounds, round => Assert.True(round is { Shards: 4, Attempts: >= 4, Rejects: >= 0, Workers: 1 or 2 } && double.IsFinite(round.Loss), round.Text));
        Assert.Equal(11, rounds.Select(round => round.Weights).Distinct().Count()); // the last learning rate is 0

        string[][] epochs = [.. RunRecords.Lines(result.Path, "epochs.csv").Select(line => line.Split(','))];
        Assert.Equal(["1 true", "2 true", "3 false"], epochs.Select(epoch => $"{epoch[0]} {epoch[3]}"));
        Assert.Equal(rounds.Take(5).Sum(round => round.Rows), long.Parse(epochs[0][1]));
        Assert.Equal((epochs[0][1], epochs[0][2]), (epochs[1][1], epochs[1][2])); // in another order the same rows
        Assert.NotEqual(rounds[0].RowHash, rounds[5].RowHash);
    }

    [Fact]
    public async Task A_run_that_goes_on_elsewhere_has_the_record_of_one_undisturbed()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan(steps: 1000));
        using var folder = new TempFolder();
        await Stopped(folder);
        await using var second = await EmbeddedFixture.Start(slots: 1, folder);
        var resumed = await second.Train("m", second.Plan(steps: 1000));
        Assert.Equal(RunRecords.Bits(undisturbed.Path), RunRecords.Bits(resumed.Path));
        Assert.Equal(RunRecords.Lines(undisturbed.Path, "epochs.csv"), RunRecords.Lines(resumed.Path, "epochs.csv"));
    }

    [Theory, InlineData("")] // gone
    [InlineData("1,1,1,0,1,1,1,1,1,1\n")] // other lines
    public async Task Without_its_record_a_run_begins_anew_only_when_its_owner_says_so(string lines)
    {
        using var folder = new TempFolder();
        var file = Assert.Single(await Stopped(folder));
        if (lines == "") File.Delete(file);
        else await File.WriteAllTextAsync(file, string.Concat(Enumerable.Repeat(lines, 10_000)), TestContext.Current.CancellationToken);
        await using var embedded = await EmbeddedFixture.Start(slots: 2, folder);
        var refused = await Assert.ThrowsAsync<BadInputException>(() => embedded.Run("m").Start(embedded.Plan(steps: 1000), TestContext.Current.CancellationToken));
        Assert.Contains("none is there undamaged", refused.Message, StringComparison.Ordinal);
        await embedded.Run("m").Delete();
        var anew = await embedded.Train("m", embedded.Plan(steps: 1000));
        Assert.Equal(Enumerable.Range(1, 1000).Select(step => (long)step), RunRecords.Rounds(anew.Path).Select(round => round.Step));
    }

    [Fact]
    public async Task What_stands_behind_the_last_commit_does_not_count()
    {
        using var folder = new TempFolder();
        var file = Assert.Single(await Stopped(folder));
        await File.AppendAllTextAsync(file, "of rounds that a crash undid\n", TestContext.Current.CancellationToken);
        await using var embedded = await EmbeddedFixture.Start(slots: 2, folder);
        var resumed = await embedded.Train("m", embedded.Plan(steps: 1000));
        Assert.Equal(2, Directory.EnumerateFiles(Path.GetDirectoryName(file)!, "rounds.*").Count());
        Assert.Equal(Enumerable.Range(1, 1000).Select(step => (long)step), RunRecords.Rounds(resumed.Path).Select(round => round.Step));
    }

    [Fact]
    public async Task A_worker_that_read_other_rows_fails_the_run_at_the_end_of_the_epoch()
    {
        var filter = new OtherRows();
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton<IIncomingGrainCallFilter>(filter));
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(), TestContext.Current.CancellationToken);
        var end = await EmbeddedFixture.Until(run, progress => progress.Phase is RunPhase.Finished or RunPhase.Failed);
        Assert.Equal((RunPhase.Failed, true), (end.Phase, filter.Met));
        Assert.Matches("^Epoch 1 of run 'm' did not count every training row exactly once: it counted [0-9]+ rows with hash [0-9a-f]{16}", end.Failure);
        Assert.False(Directory.Exists(Path.Combine(embedded.Home, "models", "m")));
    }

    [Fact]
    public async Task A_model_whose_record_is_damaged_is_mended_by_the_command_that_made_it()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var result = await embedded.Train("m", embedded.Plan());
        var whole = RunRecords.Lines(result.Path, "rounds.csv");
        File.Delete(Path.Combine(result.Path, "rounds.csv"));
        await embedded.Train("m", embedded.Plan());
        Assert.Equal(whole, RunRecords.Lines(result.Path, "rounds.csv"));
    }

    /// <summary>Trains a part of a run and stops it; the files of its record.</summary>
    private static async Task<string[]> Stopped(TempFolder folder)
    {
        await using var embedded = await EmbeddedFixture.Start(slots: 2, folder);
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: 1000), TestContext.Current.CancellationToken);
        await EmbeddedFixture.Until(run, progress => progress.Step >= 10);
        var stopped = await run.Stop();
        Assert.InRange(stopped.Step, 10, 999);
        return Directory.GetFiles(Path.Combine(embedded.Home, "runs", "m", "1"), "rounds.*");
    }

    /// <summary>Changes the hash of the rows of one shard on its way to its range, as if other rows had been read.</summary>
    private sealed class OtherRows : IIncomingGrainCallFilter
    {
        internal bool Met { get; private set; }

        public Task Invoke(IIncomingGrainCallContext context)
        {
            if (!Met && context.ImplementationMethod.Name == nameof(IAggregatorGrain.Submit) && context.Request.GetArgument(0) is PartialSum { Round: 2 } sum)
            {
                context.Request.SetArgument(0, sum with { RowHash = sum.RowHash + 1 });
                Met = true;
            }

            return context.Invoke();
        }
    }
}
