using FlowGrain.Cluster;
using FlowGrain.Silo.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>What becomes of uploads that nobody finished, and of old scores.</summary>
public sealed class StorageSweepTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_silo_that_starts_removes_those_without_a_block_for_more_than_a_day_and_nothing_else()
    {
        var (old, young, whole) = (Upload(".1", 40, 25), Upload(".2", 40, 23), Upload("3", 1000));
        var cut = Upload($".staging-{Guid.NewGuid():N}", 25);
        await Sweep();
        Assert.Equal((false, true, true, false), (Directory.Exists(old), Directory.Exists(young), Directory.Exists(whole), Directory.Exists(cut)));
    }

    [Fact]
    public async Task A_silo_without_uploads_starts()
    {
        await Sweep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Scores_go_a_day_after_they_were_written()
    {
        var (old, young) = (Scores("old.csv", hoursAgo: 25), Scores("young.csv", hoursAgo: 23));
        await Sweep();
        Assert.Equal((false, true), (File.Exists(old), File.Exists(young)));
    }

    private Task Sweep()
    {
        var storage = Options.Create(new StorageOptions { Root = _folder.Path });
        return new StorageSweep(storage, new ScoreFiles(storage, _clock), _clock, NullLogger<StorageSweep>.Instance).StartAsync(TestContext.Current.CancellationToken);
    }

    private string Scores(string name, int hoursAgo)
    {
        Directory.CreateDirectory(_folder.In("scorings"));
        var path = _folder.Write($"scorings/{name}", "row,log_prob\n");
        File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime.AddHours(-hoursAgo));
        return path;
    }

    /// <summary>An upload whose files were written so many hours ago.</summary>
    private string Upload(string name, params int[] hours)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "uploads", name, "files")).Parent!;
        foreach (var (ago, number) in hours.Select((ago, number) => (ago, number)))
        {
            var path = Path.Combine(folder.FullName, "files", $"{number}.csv");
            File.WriteAllText(path, "a,b\n");
            File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime.AddHours(-ago));
        }

        Directory.SetLastWriteTimeUtc(folder.FullName, _clock.GetUtcNow().UtcDateTime.AddHours(-hours[0]));
        return folder.FullName;
    }
}
