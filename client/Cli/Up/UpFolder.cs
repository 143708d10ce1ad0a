using System.Diagnostics;
using System.Globalization;
using FlowGrain.Storage;

namespace FlowGrain.Cli.Up;

/// <summary>The folder under the home where <c>up</c> keeps logs, the data of its Redis, and who runs; one <c>up</c> a home.</summary>
internal sealed class UpFolder : IDisposable
{
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(10); // of a killed process, until its ports are free again

    private readonly FileStream _lock;

    private UpFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    internal string Path { get; }

    /// <summary>The data of its Redis, in which the runs stand.</summary>
    internal string Redis => RedisOf(Path);

    /// <summary>Where it listens.</summary>
    internal UpPorts Ports => new(Path);

    /// <summary>Takes it, and ends what an <c>up</c> that was killed has left running.</summary>
    /// <exception cref="BadInputException">Another one has it.</exception>
    internal static UpFolder Take(string home)
    {
        var path = PathOf(home);
        Durable.CreateFolder(path);
        var folder = new UpFolder(path, Hold(System.IO.Path.Combine(path, "lock"), home));
        folder.EndLeftovers();
        return folder;
    }

    /// <summary>Refuses a home on which an <c>up</c> runs, or other silos do that share a Redis: its runs stand there.</summary>
    /// <exception cref="BadInputException">One does.</exception>
    internal static void RequireNobody(string home)
    {
        var url = new UpPorts(PathOf(home)).Url;
        if (IsTaken(home)) throw new BadInputException($"The silos of an 'up' work on {home}; reach them with --cluster {url ?? "and a URL that it printed"}, or choose another --home.");
        if (new FolderSilos(home).Living(inRedis: true) is { } silo)
            throw new BadInputException($"Silos of a cluster work on {home}, one of them at {silo}; reach them with --cluster and the Http:Urls of one{(url is null ? "" : $", such as {url} where a killed 'up' has left them")}, or choose another --home.");
    }

    /// <summary>Where the runs of a home stand on which an <c>up</c> was the first to work, as a sentence that refuses what needs them; null of a home with a journal of its own.</summary>
    internal static string? RunsElsewhere(string home) => !HasRuns(home) || File.Exists(HomeNames.JournalOf(home)) ? null
        : $"The runs of {home} stand in the Redis of an 'up', which has ended; start it again with 'flowgrain up --home {Quoting.ForShell(home)}' and name its URL with --cluster, choose another --home, or delete {RedisOf(PathOf(home))} if none of them is needed.";

    /// <summary>Whether an <c>up</c> has worked on a home.</summary>
    internal static bool HasRuns(string home) => Directory.Exists(RedisOf(PathOf(home)));

    /// <summary>The path of a file in it.</summary>
    internal string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Notes the process behind a name.</summary>
    internal void Note(string name, int process) => File.WriteAllText(In($"{name}.pid"), string.Create(CultureInfo.InvariantCulture, $"{process}\n"));

    /// <summary>Notes that it has ended.</summary>
    internal void Forget(string name) => File.Delete(In($"{name}.pid"));

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string file, string home)
    {
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new BadInputException($"Another 'up' runs on {home}{(new UpPorts(PathOf(home)).Url is { } url ? $" and answers at {url}" : "")}; use that one, stop it with Ctrl+C, or choose another --home.");
        }
    }

    private static string PathOf(string home) => System.IO.Path.Combine(home, "up");

    private static string RedisOf(string up) => System.IO.Path.Combine(up, "redis");

    private static bool IsTaken(string home)
    {
        var file = System.IO.Path.Combine(PathOf(home), "lock");
        if (!File.Exists(file)) return false;
        try
        {
            new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose(); // shared: other commands ask the same
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private void EndLeftovers()
    {
        foreach (var note in Directory.EnumerateFiles(Path, "*.pid").ToList())
        {
            if (int.TryParse(File.ReadAllText(note), CultureInfo.InvariantCulture, out var process) && IsOurs(System.IO.Path.GetFileNameWithoutExtension(note), process)) End(process);
            File.Delete(note);
        }
    }

    private static void End(int number)
    {
        try
        {
            using var process = Process.GetProcessById(number);
            Signals.Kill(number);
            process.WaitForExit(Ending);
        }
        catch (ArgumentException)
        {
            // It has just ended.
        }
    }

    // The number may belong to another program by now; ours has this home among its arguments, or works in the folder of its name:
    // Redis writes a title of its own over its arguments. A second one beside it would write into the same files.
    private bool IsOurs(string name, int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Contains(System.IO.Path.GetDirectoryName(Path)!, StringComparison.Ordinal)
                || Directory.ResolveLinkTarget($"/proc/{process}/cwd", returnFinalTarget: false)?.FullName == In(name);
        }
        catch (IOException)
        {
            return false; // it is gone, or this system does not tell
        }
    }
}
