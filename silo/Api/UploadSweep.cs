using FlowGrain.Cluster;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Clears away, when a silo starts, the uploads that nobody goes on with, with all of their blocks.</summary>
internal sealed partial class UploadSweep(IOptions<StorageOptions> storage, TimeProvider clock, ILogger<UploadSweep> logger) : IHostedService
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1); // since its last block: who was interrupted comes back sooner, and another silo may be taking one now

    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Sweep();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSwept(error, storage.Value.Uploads); // it costs room alone
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Sweep()
    {
        if (!Directory.Exists(storage.Value.Uploads)) return;
        foreach (var left in new DirectoryInfo(storage.Value.Uploads).EnumerateDirectories(".*").Where(IsAbandoned).ToList()) left.Delete(recursive: true);
    }

    private bool IsAbandoned(DirectoryInfo upload) =>
        clock.GetUtcNow() - upload.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.LastWriteTimeUtc).Append(upload.LastWriteTimeUtc).Max() > Abandoned;

    [LoggerMessage(EventId = 4210, Level = LogLevel.Warning, Message = "Uploads that nobody finished may still lie in '{Folder}' and take room.")]
    private partial void NotSwept(Exception error, string folder);
}
