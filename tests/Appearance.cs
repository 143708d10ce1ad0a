namespace FlowGrain.Tests;

/// <summary>Waits for a folder to appear, told by the file system.</summary>
internal static class Appearance
{
    /// <summary>Done when the folder, which need not be there yet, has one of these inside.</summary>
    internal static async Task Of(string folder, string pattern, CancellationToken cancellation)
    {
        while (true)
        {
            var watched = Existing(folder);
            using var watcher = new FileSystemWatcher(watched) { NotifyFilter = NotifyFilters.DirectoryName };
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watcher.Created += (_, _) => changed.TrySetResult();
            watcher.Renamed += (_, _) => changed.TrySetResult();
            watcher.EnableRaisingEvents = true; // before the look, so that nothing can come between the two
            if (Directory.Exists(folder) && Directory.EnumerateDirectories(folder, pattern).Any()) return;
            if (Existing(folder) == watched) await changed.Task.WaitAsync(cancellation);
        }
    }

    private static string Existing(string folder) => Directory.Exists(folder) ? folder : Existing(Path.GetDirectoryName(folder)!);
}
