using FlowGrain.Cluster;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Tests.Grains.Training;

public sealed class SqliteJournalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly SqliteJournal _journal;

    public SqliteJournalTests() => _journal = Open();

    public void Dispose()
    {
        _journal.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_equal_plan_is_the_same_version_and_another_the_next()
    {
        var first = await _journal.FindOrAdd("run", Plan("a"));
        var second = await _journal.FindOrAdd("run", Plan("b"));
        var again = await _journal.FindOrAdd("run", Plan("a"));
        Assert.Equal((1, 2, 1), (first.Version, second.Version, again.Version));
        Assert.Equal(2, (await _journal.Newest("run"))!.Version);
    }

    [Fact]
    public async Task A_later_claim_refuses_the_one_before()
    {
        await _journal.FindOrAdd("run", Plan("a"));
        var zombie = await _journal.Claim("run", 1);
        var current = await _journal.Claim("run", 1);
        Assert.Equal(zombie.Number + 1, current.Number);
        await Assert.ThrowsAsync<StaleEpochException>(() => _journal.Commit("run", 1, zombie, Snapshot(5)));
        await Assert.ThrowsAsync<StaleEpochException>(() => _journal.Note("run", 1, zombie, new RunNote { Phase = RunPhase.Failed }));
        await _journal.Commit("run", 1, current, Snapshot(5));
        Assert.Equal(5, (await _journal.Newest("run"))!.Step);
    }

    [Fact]
    public async Task Epochs_count_on_over_versions_and_deletions_because_workers_know_a_run_by_its_name()
    {
        await _journal.FindOrAdd("run", Plan("a"));
        var first = await _journal.Claim("run", 1);
        await _journal.FindOrAdd("run", Plan("b"));
        var second = await _journal.Claim("run", 2);
        await _journal.Delete("run");
        await _journal.FindOrAdd("run", Plan("a"));
        var third = await _journal.Claim("run", 1);
        Assert.Equal([first.Number + 1, first.Number + 2], [second.Number, third.Number]);
    }

    [Fact]
    public async Task A_claim_is_later_than_what_is_known_otherwise()
    {
        await _journal.FindOrAdd("run", Plan("a"));
        Assert.Equal(8, (await _journal.Claim("run", 1, after: 7)).Number);
        Assert.Equal(9, (await _journal.Claim("run", 1, after: 3)).Number);
        Assert.Equal(21, (await _journal.Claim("run", 1, after: 20)).Number);
    }

    [Fact]
    public async Task The_two_newest_snapshots_are_kept()
    {
        await _journal.FindOrAdd("run", Plan("a"));
        var epoch = await _journal.Claim("run", 1);
        foreach (var round in new long[] { 1, 2, 3 }) await _journal.Commit("run", 1, epoch, Snapshot(round));
        Assert.Equal([3L, 2L], (await _journal.Snapshots("run", 1)).Select(snapshot => snapshot.Round));
    }

    [Fact]
    public async Task What_was_committed_is_there_after_the_process_is_gone()
    {
        await _journal.FindOrAdd("run", Plan("a"));
        var epoch = await _journal.Claim("run", 1);
        await _journal.Commit("run", 1, epoch, Snapshot(7));
        using var other = Open();
        Assert.Equal(7, (await other.Newest("run"))!.Step);
        Assert.Equal(epoch.Number + 1, (await other.Claim("run", 1)).Number);
    }

    [Fact]
    public async Task A_deleted_run_is_forgotten()
    {
        await _journal.FindOrAdd("run", Plan("a"));
        await _journal.Delete("run");
        Assert.Null(await _journal.Newest("run"));
        Assert.Empty(await _journal.All());
    }

    [Theory]
    [InlineData("no database at all, but a text of some length")]
    [InlineData("SQLite format 3\0 and then nothing that belongs there")]
    public async Task A_damaged_file_is_named_with_what_to_do_and_can_be_moved_away(string content)
    {
        var path = Path.Combine(Directory.CreateDirectory(_folder.In("other")).FullName, "journal.db");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        using var journal = Open("other");
        var sentence = $"The journal '{path}' is damaged; move it away to begin a new one: the models stay, the runs and their checkpoints are forgotten.";
        Assert.Equal(sentence, (await Assert.ThrowsAsync<BadInputException>(journal.All)).Message);
        Assert.Equal(sentence, (await Assert.ThrowsAsync<BadInputException>(() => journal.FindOrAdd("run", Plan("a")))).Message);
        File.Move(path, path + ".damaged");
        Assert.Empty(await journal.All());
    }

    [Fact]
    public async Task A_damaged_page_is_named_too()
    {
        using (var before = Open("other")) await before.FindOrAdd("run", Plan("a"));
        using (var file = File.OpenWrite(_folder.In("other/journal.db")))
        {
            file.Position = 4096; // the second page, behind the schema
            file.Write(Enumerable.Repeat((byte)0xAA, 3 * 4096).ToArray());
        }

        using var journal = Open("other");
        Assert.Contains("is damaged; move it away", (await Assert.ThrowsAsync<BadInputException>(journal.All)).Message);
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_named_with_the_reason()
    {
        Directory.CreateDirectory(_folder.In("other/journal.db"));
        using var journal = Open("other");
        Assert.Equal(
            $"The journal '{_folder.In("other/journal.db")}' cannot be used (unable to open database file); mend that, or choose another folder with --home.",
            (await Assert.ThrowsAsync<BadInputException>(journal.All)).Message);
    }

    private SqliteJournal Open(string folder = "") => new(Options.Create(new StorageOptions { Root = _folder.In(folder) }), TimeProvider.System);

    private static NewRun Plan(string hash) => new(hash, "{}", "nsf", 10);

    private static CommittedSnapshot Snapshot(long round) => new(round, $"r{round}", "00", 1.5);
}
