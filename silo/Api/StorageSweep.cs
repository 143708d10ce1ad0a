using FlowGrain.Cluster;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Clears away, when a silo starts, the uploads that nobody goes on with, with all of their blocks, and old scores.</summary>
internal sealed partial class StorageSweep(IOptions<StorageOptions> storage, ScoreFiles scores, TimeProvider clock, ILogger<StorageSweep> logger) : IHostedService
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1); // since its last block: who was interrupted comes back sooner, and another silo may be taking one now

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Sweep(SweepUploads, storage.Value.Uploads);
        Sweep(scores.Sweep, storage.Value.Scorings);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Sweep(Action sweep, string folder)
    {
        try
        {
            sweep();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSwept(error, folder); // it costs room alone
        }
    }

    private void SweepUploads()
    {
        if (!Directory.Exists(storage.Value.Uploads)) return;
        foreach (var left in new DirectoryInfo(storage.Value.Uploads).EnumerateDirectories(".*").Where(IsAbandoned).ToList()) left.Delete(recursive: true);
    }

    private bool IsAbandoned(DirectoryInfo upload) =>
        clock.GetUtcNow() - upload.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.LastWriteTimeUtc).Append(upload.LastWriteTimeUtc).Max() > Abandoned;

    [LoggerMessage(EventId = 4210, Level = LogLevel.Warning, Message = "What nobody comes back for may still lie in '{Folder}' and take room.")]
    private partial void NotSwept(Exception error, string folder);
}
