using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo;

/// <summary>Looks twice a minute at what Storage:Root takes and has room for, for the metrics: quotas and disks fill slowly, and a look walks through folders.</summary>
internal sealed partial class StorageWatch(IOptions<StorageOptions> storage, SnapshotStore snapshots, TimeProvider clock, ILogger<StorageWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly KeyValuePair<string, object?> Data = new("kind", "data"), Checkpoints = new("kind", "checkpoints");

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
            Telemetry.StorageFree.Record(disk.AvailableFreeSpace);
            Telemetry.StorageSize.Record(disk.TotalSize);
            Telemetry.StorageUsed.Record(DatasetFolder.All(storage.Value.Data).Sum(DatasetFolder.Bytes), Data);
            Telemetry.StorageUsed.Record(snapshots.Bytes(), Checkpoints);
            if (storage.Value.DataBytes is { } data) Telemetry.StorageQuota.Record(data, Data);
            if (storage.Value.CheckpointBytes is { } checkpoints) Telemetry.StorageQuota.Record(checkpoints, Checkpoints);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            NotSeen(error.Message); // the gauges stay as they were
        }
    }

    [LoggerMessage(EventId = 4400, Level = LogLevel.Warning, Message = "What Storage:Root takes could not be looked at: {Reason}")]
    private partial void NotSeen(string reason);
}
