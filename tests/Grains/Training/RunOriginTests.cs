using FlowGrain.Cluster;
using FlowGrain.Training;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Training;

/// <summary>A version that goes on is the one that was begun, whatever has become of its file; only a new plan makes a new one.</summary>
public sealed class RunOriginTests
{
    private const int Steps = 400;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_whose_file_has_changed_goes_on_with_what_was_imported_of_it_to_the_bits_of_an_undisturbed_one()
    {
        await using var calm = await EmbeddedFixture.Start();
        var undisturbed = await calm.Train("m", calm.Plan(steps: Steps));

        await using var embedded = await EmbeddedFixture.Start();
        var (run, stopped) = await Stopped(embedded);
        await Change(embedded);
        var resumed = await run.Resume(acceptClass: false, Cancellation);
        Assert.Equal((1, stopped.Step), (resumed.Version, resumed.ResumedAtStep));
        await EmbeddedFixture.Until(run, progress => progress.Phase == RunPhase.Finished);
        Assert.Equal(undisturbed.WeightsSha256, (await run.Result())!.WeightsSha256);

        await Change(embedded);
        Assert.Equal((RunPhase.Finished, 1), (await run.Resume(acceptClass: false, Cancellation)) is var again ? (again.Phase, again.Version) : default);
    }

    [Fact]
    public async Task A_run_whose_file_has_changed_and_whose_import_is_gone_stays_as_it_is_and_goes_on_when_the_file_is_back()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (run, stopped) = await Stopped(embedded);
        var before = await Change(embedded);
        Directory.Delete(Path.Combine(embedded.Home, "data"), recursive: true);

        var refused = await Assert.ThrowsAsync<BadInputException>(() => run.Resume(acceptClass: false, Cancellation));
        Assert.StartsWith("'table.csv' is not what run 'm' version 1 was begun with, which stays as it is; put the file back as it was, or train", refused.Message, StringComparison.Ordinal);
        Assert.Equal((RunPhase.Stopped, 1, stopped.Step), (await run.Progress()) is var now ? (now.Phase, now.Version, now.Step) : default);

        await File.WriteAllTextAsync(embedded.Plan().Data.Path, before, Cancellation);
        var resumed = await run.Resume(acceptClass: false, Cancellation);
        Assert.Equal((1, stopped.Step), (resumed.Version, resumed.ResumedAtStep));
        await run.Stop();
    }

    [Fact]
    public async Task A_run_that_goes_on_by_itself_makes_no_other_version_and_says_why_it_cannot()
    {
        await using var embedded = await EmbeddedFixture.Start(parts: services => services.AddSingleton(new GoingOn(ByItself: true)));
        var (run, stopped) = await Stopped(embedded);
        using var journal = Journal(embedded);
        await journal.Note("m", 1, await journal.Claim("m", 1), new RunNote { Phase = RunPhase.Training });
        await Change(embedded);
        Directory.Delete(Path.Combine(embedded.Home, "data"), recursive: true);

        await run.GoOn();
        var entry = (await journal.Newest("m"))!;
        Assert.Equal((1, RunPhase.Failed, stopped.Step), (entry.Version, entry.Phase, entry.Step));
        Assert.StartsWith("'table.csv' is not what run 'm' version 1 was begun with", entry.Failure, StringComparison.Ordinal);
        Assert.NotEmpty(await journal.Snapshots("m", 1));
    }

    [Fact]
    public async Task A_program_that_prepares_another_flow_leaves_the_run_to_the_version_that_began_it()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (run, _) = await Stopped(embedded);
        await Execute(embedded, "UPDATE runs SET plan_hash = 'of another program'");
        var refused = await Assert.ThrowsAsync<BadInputException>(() => run.Resume(acceptClass: false, Cancellation));
        Assert.StartsWith("This version of FlowGrain prepares another flow from 'table.csv' than the one that began run 'm' version 1, which stays as it is; go on with", refused.Message, StringComparison.Ordinal);
        Assert.Equal((RunPhase.Stopped, 1), (await run.Progress()) is var now ? (now.Phase, now.Version) : default);
    }

    [Fact]
    public async Task Training_a_file_that_has_changed_makes_the_next_version()
    {
        await using var embedded = await EmbeddedFixture.Start();
        var (run, _) = await Stopped(embedded);
        await Change(embedded);
        Assert.Equal(2, (await run.Start(embedded.Plan(steps: Steps), Cancellation)).Version);
        await run.Stop();
    }

    private static async Task<(IRunGrain Run, RunProgress Stopped)> Stopped(EmbeddedFixture embedded)
    {
        var run = embedded.Run("m");
        await run.Start(embedded.Plan(steps: Steps), Cancellation);
        await EmbeddedFixture.Until(run, progress => progress.Step >= 20);
        var stopped = await run.Stop();
        Assert.Equal(RunPhase.Stopped, stopped.Phase);
        return (run, stopped);
    }

    /// <summary>Adds a row to the table; returns it as it was.</summary>
    private static async Task<string> Change(EmbeddedFixture embedded)
    {
        var (path, before) = (embedded.Plan().Data.Path, await File.ReadAllTextAsync(embedded.Plan().Data.Path, Cancellation));
        await File.WriteAllTextAsync(path, $"{before}101,1,0.5\n", Cancellation);
        return before;
    }

    private static SqliteJournal Journal(EmbeddedFixture embedded) => new(Options.Create(new StorageOptions { Root = embedded.Home }), TimeProvider.System);

    private static async Task Execute(EmbeddedFixture embedded, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(embedded.Home, "journal.db")};Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
