using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Clears away, when a silo starts, what uploads left that nobody finished: their silo was killed, and no other knows of them.</summary>
internal sealed partial class UploadSweep(IOptions<StorageOptions> storage, TimeProvider clock, ILogger<UploadSweep> logger) : IHostedService
{
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1); // no upload takes as long, and another silo may be taking one now

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
        foreach (var left in new DirectoryInfo(storage.Value.Uploads).EnumerateFiles(WholeFile.Unfinished, Everywhere()).Where(IsAbandoned).ToList()) left.Delete();
    }

    private bool IsAbandoned(FileInfo file) => clock.GetUtcNow() - file.LastWriteTimeUtc > Abandoned;

    // Their names begin with a dot, which hides them.
    private static EnumerationOptions Everywhere() => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    [LoggerMessage(EventId = 4210, Level = LogLevel.Warning, Message = "Uploads that nobody finished may still lie in '{Folder}' and take room.")]
    private partial void NotSwept(Exception error, string folder);
}
