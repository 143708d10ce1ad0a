using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Scores that wait for their download, below Storage:Root so that any silo can hand them out. They go after a day: whoever gives the same order meanwhile may fetch them too.</summary>
internal sealed class ScoreFiles(IOptions<StorageOptions> storage, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Returns where scores can be written in a format; null stands for none.</summary>
    /// <exception cref="BadInputException">They cannot.</exception>
    internal static void RequireFormat(string? format)
    {
        if (format is not null && !TableFile.Extensions.Contains($".{format}")) throw new BadInputException($"Scores cannot be written as '{Excerpt.Of(format)}'; take {string.Join(", ", TableFile.Extensions[..^1].Select(extension => extension[1..]))} or {TableFile.Extensions[^1][1..]}.");
    }

    /// <summary>Where the scores of a job are written, which is the same place whenever it is asked for; clears away old ones.</summary>
    internal string Of(string job, string format)
    {
        Durable.CreateFolder(storage.Value.Scorings);
        Sweep();
        return Path.Combine(storage.Value.Scorings, $"{job}.{format}");
    }

    /// <summary>Clears away old ones.</summary>
    internal void Sweep()
    {
        if (!Directory.Exists(storage.Value.Scorings)) return;
        foreach (var old in new DirectoryInfo(storage.Value.Scorings).EnumerateFiles().Where(IsOld).ToList()) old.Delete();
    }

    /// <summary>Scores by their name.</summary>
    /// <exception cref="NotFoundException">There are none.</exception>
    internal string Find(string name) => Path.Combine(storage.Value.Scorings, name) is var path && name == Path.GetFileName(name) && !name.StartsWith('.') && File.Exists(path)
        ? path
        : throw new NotFoundException($"There are no scores '{name}'; they are kept for a day.");

    private bool IsOld(FileInfo file) => clock.GetUtcNow() - file.LastWriteTimeUtc > Kept;
}
