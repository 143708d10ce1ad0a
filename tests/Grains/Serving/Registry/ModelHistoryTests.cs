using FlowGrain.Serving;

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
    public async Task Who_reads_is_never_refused_while_others_write()
    {
        await Point(0);
        var writer = Task.Run(async () =>
        {
            for (var version = 1; version <= 100; version++) await Point(version);
        }, TestContext.Current.CancellationToken);
        var seen = 0;
        for (int before; !writer.IsCompleted; Assert.True(seen >= before)) (before, seen) = (seen, _history.Read().Length);
        await writer;
        Assert.Equal(101, _history.Read().Length);
    }

    private Task Point(int version) => _history.Append(_ => new(TimeProvider.System.GetUtcNow(), RegistryChangeKind.Pointed) { Alias = "champion", Version = version }, TestContext.Current.CancellationToken);
}
