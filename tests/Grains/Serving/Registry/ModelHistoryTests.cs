using FlowGrain.Serving;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Grains.Serving.Registry;

public sealed class ModelHistoryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ModelHistory _history;

    public ModelHistoryTests() => _history = new ModelHistory(_folder.Path, TimeProvider.System);

    private string File => _folder.In("history.ndjson");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Changes_are_added_and_none_is_ever_written_over()
    {
        Assert.Empty(_history.Read());
        for (var version = 1; version <= 3; version++)
        {
            var before = System.IO.File.Exists(File) ? await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken) : [];
            await Point(version);
            Assert.Equal(before, (await System.IO.File.ReadAllBytesAsync(File, TestContext.Current.CancellationToken))[..before.Length]);
        }

        Assert.Equal([1, 2, 3], _history.Read().Select(change => change.Version));
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_short_counts_for_nothing_and_hurts_nobody()
    {
        await Point(1);
        await System.IO.File.AppendAllTextAsync(File, """{"time":"2026-01-01T00:00:00Z","kind":"Poin""", TestContext.Current.CancellationToken);
        Assert.Equal([1], _history.Read().Select(change => change.Version));
        await Point(2);
        Assert.Equal([1, 2], _history.Read().Select(change => change.Version));
    }

    [Fact]
    public async Task A_line_that_is_damaged_is_named()
    {
        await Point(1);
        await System.IO.File.AppendAllTextAsync(File, "rubbish\n", TestContext.Current.CancellationToken);
        Assert.Equal("line 2 of history.ndjson is damaged", Assert.Throws<InvalidDataException>(() => _history.Read()).Message);
    }

    [Fact]
    public async Task Many_writers_lose_no_change()
    {
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var history = new ModelHistory(_folder.Path, TimeProvider.System);
            for (var i = 0; i < 10; i++) await history.Append(changes => new(default, RegistryChangeKind.Pointed) { Version = changes.Length }, TestContext.Current.CancellationToken);
        }));
        await Task.WhenAll(writers);
        Assert.Equal(Enumerable.Range(0, 40), _history.Read().Select(change => change.Version!.Value)); // each saw all before it
    }

    [Fact]
    public async Task Who_waits_for_another_that_writes_does_so_as_long_as_it_takes()
    {
        var clock = new FakeTimeProvider();
        var held = await RegistryLock.Take(_folder.Path, RegistryLock.History, clock, TestContext.Current.CancellationToken);
        var writing = new ModelHistory(_folder.Path, clock).Append(_ => new(default, RegistryChangeKind.Pointed) { Version = 1 }, TestContext.Current.CancellationToken);
        for (var attempt = 0; attempt < 1000; attempt++) clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.False(writing.IsCompleted);
        held.Dispose();
        while (!writing.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
        }

        await writing;
        Assert.Equal([1], _history.Read().Select(change => change.Version));
    }

    [Fact]
    public async Task A_full_disk_is_said_at_once_and_changes_nothing()
    {
        using var disk = new SmallDisk(64);
        var history = new ModelHistory(disk.Path, new FakeTimeProvider()); // which never lets anybody wait
        await history.Append(_ => new(default, RegistryChangeKind.Pointed) { Version = 1 }, TestContext.Current.CancellationToken);
        disk.Fill();
        var name = new string('a', 8192);
        await Assert.ThrowsAsync<DiskFullException>(() => history.Append(_ => new(default, RegistryChangeKind.Pointed) { Version = 2, By = name }, TestContext.Current.CancellationToken));
        disk.Free();
        Assert.Equal([1], history.Read().Select(change => change.Version));
    }

    [Fact]
    public async Task Who_reads_while_another_writes_reads_what_is_whole()
    {
        using var over = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            for (var seen = 0; !over.IsCancellationRequested;)
            {
                var changes = new ModelHistory(_folder.Path, TimeProvider.System).Read();
                Assert.True(changes.Length >= seen);
                Assert.Equal(Enumerable.Range(1, changes.Length), changes.Select(change => change.Version!.Value));
                seen = changes.Length;
            }
        }, TestContext.Current.CancellationToken);
        for (var version = 1; version <= 100; version++) await Point(version);
        await over.CancelAsync();
        await reading;
    }

    private Task Point(int version) => _history.Append(_ => new(TimeProvider.System.GetUtcNow(), RegistryChangeKind.Pointed) { Alias = "champion", Version = version }, TestContext.Current.CancellationToken);
}
