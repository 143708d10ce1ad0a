using System.Text.Json;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Training.Chronicles;

/// <summary>The chronicle of a run's version on disk: <c>runs/NAME/VERSION/series.json</c>. It decides nothing, so one that is damaged is as good as none.</summary>
internal sealed class ChronicleFile(SnapshotStore snapshots, ILogger<ChronicleFile> logger)
{
    private const string Name = "series.json";

    /// <summary>What was kept; empty where nothing was, or it is damaged.</summary>
    internal RunSeries Read(string run, int version)
    {
        try
        {
            return Json.Value<RunSeries>(File.ReadAllBytes(PathOf(run, version)));
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return RunSeries.Empty;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            logger.ChronicleNotRead(error, run);
            return RunSeries.Empty;
        }
    }

    /// <summary>Takes the place of what was kept.</summary>
    /// <exception cref="DiskFullException">There is no room for it.</exception>
    internal void Write(string run, int version, RunSeries series)
    {
        DiskSpace.Use(snapshots.FolderOf(run, version), () => Durable.CreateFolder(snapshots.FolderOf(run, version)));
        WholeFile.Write(PathOf(run, version), JsonSerializer.SerializeToUtf8Bytes(series, Json.Compact));
    }

    private string PathOf(string run, int version) => Path.Combine(snapshots.FolderOf(run, version), Name);
}
