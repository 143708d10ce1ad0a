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
    public async Task A_silo_that_starts_removes_those_of_more_than_a_day_ago_and_nothing_else()
    {
        var (old, young, whole) = (File(".flowgrain-1.tmp", hours: 25), File(".flowgrain-2.tmp", hours: 23), File("your.csv", hours: 1000));
        await Sweep();
        Assert.Equal((false, true, true), (System.IO.File.Exists(old), System.IO.File.Exists(young), System.IO.File.Exists(whole)));
    }

    [Fact]
    public async Task A_silo_without_uploads_starts()
    {
        await Sweep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    private Task Sweep() => new UploadSweep(Options.Create(new StorageOptions { Root = _folder.Path }), _clock, NullLogger<UploadSweep>.Instance).StartAsync(TestContext.Current.CancellationToken);

    private string File(string name, int hours)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "uploads", OneSilo.Sha256(name)));
        var path = Path.Combine(folder.FullName, name);
        System.IO.File.WriteAllText(path, "a,b\n");
        System.IO.File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime.AddHours(-hours));
        return path;
    }
}
