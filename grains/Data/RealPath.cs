namespace FlowGrain.Data;

/// <summary>Where a path leads in the end, walked as the system walks it: <c>link/..</c> is the folder above the link's target.</summary>
internal static class RealPath
{
    private const int MostLinks = 40; // Linux's own limit

    /// <summary>The full path without links and dots; parts that do not exist stay as they are.</summary>
    /// <exception cref="BadInputException">Its links go round in a circle.</exception>
    internal static string Of(string path)
    {
        var full = Path.Combine(Environment.CurrentDirectory, path);
        var here = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>();
        Push(ahead, full);
        for (var links = 0; ahead.TryPop(out var part);)
        {
            var next = Step(here, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                here = next;
                continue;
            }

            if (++links > MostLinks) throw new BadInputException($"'{Path.GetFileName(path)}' is a link that leads nowhere; name a file.");
            if (Path.IsPathRooted(target)) here = Path.GetPathRoot(target)!;
            Push(ahead, target);
        }

        return here;
    }

    /// <summary>Whether a real path is a real folder, or lies in it.</summary>
    internal static bool IsBelow(string path, string folder) =>
        path == folder || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string Step(string here, string part) => part switch
    {
        "." => here,
        ".." => Path.GetDirectoryName(here) ?? here,
        _ => Path.Combine(here, part),
    };

    private static void Push(Stack<string> ahead, string path)
    {
        var parts = path[Path.GetPathRoot(path)!.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        foreach (var part in parts.Reverse()) ahead.Push(part);
    }
}
