using System.Collections.Immutable;
using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Silo.Api;

/// <summary>Scores that wait for their download, below Storage:Root so that any silo can hand them out. They go after a day: whoever gives the same order meanwhile may fetch them too.</summary>
internal sealed class ScoreFiles(IOptions<StorageOptions> storage, TimeProvider clock)
{
    private const string Parted = "-parts"; // in the name of a folder, beside which those of unfinished jobs lie
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

    /// <summary>As <see cref="Of"/>, the folder of their parts.</summary>
    internal string FolderOf(string job, string format) => Of($"{job}{Parted}", format) + Path.DirectorySeparatorChar;

    /// <summary>Names of the part files of a folder that was written; none of a file.</summary>
    internal static ImmutableArray<string> PartsOf(string? output) =>
        output is not null && Path.EndsInDirectorySeparator(output) ? [.. Directory.EnumerateFiles(output).Select(part => Path.GetFileName(part)).Order(StringComparer.Ordinal)] : [];

    /// <summary>Clears away old ones.</summary>
    internal void Sweep()
    {
        if (!Directory.Exists(storage.Value.Scorings)) return;
        var scorings = new DirectoryInfo(storage.Value.Scorings);
        foreach (var old in scorings.EnumerateFiles().Where(IsOld).ToList()) old.Delete();
        foreach (var old in scorings.EnumerateDirectories($"*{Parted}.*").Where(folder => folder.Name[0] != '.' && IsOld(folder)).ToList()) StagingFolder.Remove(old.FullName);
    }

    /// <summary>Removes scores by their name.</summary>
    /// <exception cref="NotFoundException">There are none.</exception>
    internal void Remove(string name)
    {
        if (Named(name) is { } path && name.Contains(Parted, StringComparison.Ordinal) && Directory.Exists(path)) StagingFolder.Remove(path);
        else File.Delete(Find(name));
    }

    /// <summary>Scores by their name.</summary>
    /// <exception cref="NotFoundException">There are none.</exception>
    internal string Find(string name) => Named(name) is { } path && File.Exists(path) ? path : throw Absent(name);

    /// <summary>A part of scores by its name.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal string Find(string name, string part) =>
        Named(name) is { } folder && name.Contains(Parted, StringComparison.Ordinal) && part == Path.GetFileName(part) && Path.Combine(folder, part) is var path && File.Exists(path) ? path : throw Absent($"{name}/{part}");

    private string? Named(string name) => name == Path.GetFileName(name) && !name.StartsWith('.') ? Path.Combine(storage.Value.Scorings, name) : null;

    private static NotFoundException Absent(string name) => new($"There are no scores '{name}'; they are kept for a day.");

    private bool IsOld(FileSystemInfo scores) => clock.GetUtcNow() - scores.LastWriteTimeUtc > Kept;
}
