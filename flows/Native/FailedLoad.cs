namespace FlowGrain.Flows.Native;

/// <summary>The half gigabyte that TorchSharp copies into a folder <c>cpu</c> beside the program when it finds no library.</summary>
internal static class FailedLoad
{
    /// <summary>Removes that folder. A folder with any other file in it is somebody else's and stays.</summary>
    internal static void Remove(string program)
    {
        var copy = new DirectoryInfo(Path.Combine(program, "cpu"));
        try
        {
            if (copy.Exists && copy.EnumerateFileSystemInfos().All(IsLibrary)) copy.Delete(recursive: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // It only wastes space: torch is loaded from elsewhere. Another process may be removing it too.
        }
    }

    private static bool IsLibrary(FileSystemInfo file) =>
        file is FileInfo && file.Name.StartsWith("lib", StringComparison.Ordinal) && file.Name.Contains(".so", StringComparison.Ordinal);
}
