using FlowGrain.Cluster;
using FlowGrain.Silo.Api;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace FlowGrain.Tests.Silo.Api;

/// <summary>What becomes of uploads that nobody finished.</summary>
public sealed class UploadSweepTests : IDisposable
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

    private Task Sweep() => new UploadSweep(Options.Create(new StorageOptions { Root = _folder.Path }), _clock, NullLogger<UploadSweep>.Instance).StartAsync(TestContext.Current.CancellationToken);

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
