using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Scores that wait for their download, below Storage:Root so that any silo can hand them out. What nobody fetches goes after a day.</summary>
internal sealed class ScoreFiles(IOptions<StorageOptions> storage, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>Where the scores of a job are written, which is the same place whenever it is asked for; clears away old ones.</summary>
    /// <exception cref="BadInputException">The format cannot be written.</exception>
    internal string Of(string job, string format)
    {
        if (!TableFile.Extensions.Contains($".{format}")) throw new BadInputException($"Scores cannot be written as '{format}'; take {string.Join(", ", TableFile.Extensions[..^1].Select(extension => extension[1..]))} or {TableFile.Extensions[^1][1..]}.");
        Durable.CreateFolder(storage.Value.Scorings);
        foreach (var old in new DirectoryInfo(storage.Value.Scorings).EnumerateFiles().Where(IsOld).ToList()) old.Delete();
        return Path.Combine(storage.Value.Scorings, $"{job}.{format}");
    }

    /// <summary>Scores by their name.</summary>
    /// <exception cref="NotFoundException">There are none.</exception>
    internal string Find(string name) => Path.Combine(storage.Value.Scorings, name) is var path && name == Path.GetFileName(name) && !name.StartsWith('.') && File.Exists(path)
        ? path
        : throw new NotFoundException($"There are no scores '{name}'; they are kept for a day.");

    private bool IsOld(FileInfo file) => clock.GetUtcNow() - file.LastWriteTimeUtc > Kept;
}
