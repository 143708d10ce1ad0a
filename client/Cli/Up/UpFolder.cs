using System.Globalization;
using FlowGrain.Storage;

namespace FlowGrain.Cli.Up;

/// <summary>The folder under the home where <c>up</c> keeps logs, the data of its Redis, and who runs; one <c>up</c> a home.</summary>
internal sealed class UpFolder : IDisposable
{
    private readonly FileStream _lock;

    private UpFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    internal string Path { get; }

    /// <summary>Takes it, and ends what an <c>up</c> that was killed has left running.</summary>
    /// <exception cref="BadInputException">Another one has it.</exception>
    internal static UpFolder Take(string home)
    {
        var path = System.IO.Path.Combine(home, "up");
        Durable.CreateFolder(path);
        var folder = new UpFolder(path, Hold(System.IO.Path.Combine(path, "lock"), home));
        folder.EndLeftovers();
        return folder;
    }

    /// <summary>Refuses a home on which an <c>up</c> runs: its runs stand in the journal of its own silos.</summary>
    /// <exception cref="BadInputException">One does.</exception>
    internal static void RequireNobody(string home)
    {
        var file = System.IO.Path.Combine(home, "up", "lock");
        if (!File.Exists(file)) return;
        try
        {
            new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read).Dispose(); // shared: other commands ask the same
        }
        catch (IOException)
        {
            throw new BadInputException($"The silos of an 'up' work on {home}; reach them with --cluster and one of the URLs that it printed, or choose another --home.");
        }
    }

    /// <summary>The path of a file in it.</summary>
    internal string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Notes the process behind a name.</summary>
    internal void Note(string name, int process) => File.WriteAllText(In($"{name}.pid"), process.ToString(CultureInfo.InvariantCulture));

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
            throw new BadInputException($"Another 'up' runs on {home}; use that one, stop it with Ctrl+C, or choose another --home.");
        }
    }

    private void EndLeftovers()
    {
        foreach (var note in Directory.EnumerateFiles(Path, "*.pid").ToList())
        {
            if (int.TryParse(File.ReadAllText(note), CultureInfo.InvariantCulture, out var process) && IsOurs(System.IO.Path.GetFileNameWithoutExtension(note), process)) Signals.Kill(process);
            File.Delete(note);
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
