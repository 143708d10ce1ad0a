using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>Looks twice a minute at what Storage:Root takes and has room for, for the metrics: quotas and disks fill slowly, and a look walks through folders.</summary>
internal sealed partial class StorageWatch(IOptions<StorageOptions> storage, SnapshotStore snapshots, TimeProvider clock, ILogger<StorageWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private const string Data = "data", Checkpoints = "checkpoints"; // kinds

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do await Task.Run(Look, stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Look()
    {
        if (!Directory.Exists(storage.Value.Root)) return; // nothing was kept yet
        try
        {
            var disk = new DriveInfo(Path.GetFullPath(storage.Value.Root));
            Telemetry.StorageFree.Set(disk.AvailableFreeSpace);
            Telemetry.StorageSize.Set(disk.TotalSize);
            Telemetry.StorageUsed.Set(DatasetFolder.All(storage.Value.Data).Sum(DatasetFolder.Bytes), Data);
            Telemetry.StorageUsed.Set(snapshots.Bytes(), Checkpoints);
            if (storage.Value.DataBytes is { } data) Telemetry.StorageQuota.Set(data, Data);
            if (storage.Value.CheckpointBytes is { } checkpoints) Telemetry.StorageQuota.Set(checkpoints, Checkpoints);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSeen(error.Message); // the gauges end, so that nobody takes them for news
        }
    }

    [LoggerMessage(EventId = 4400, Level = LogLevel.Warning, Message = "What Storage:Root takes could not be looked at: {Reason}")]
    private partial void NotSeen(string reason);
}
