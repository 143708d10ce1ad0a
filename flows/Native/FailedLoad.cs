namespace FlowGrain.Flows.Native;

/// <summary>The half gigabyte that TorchSharp copies into a folder <c>cpu</c> beside the program when it finds no library.</summary>
internal static class FailedLoad
{
    /// <summary>Removes the copy that an earlier load left. A folder with any other file in it is somebody else's and stays.</summary>
    internal static void RemoveCopy(string program)
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

    /// <summary>Keeps TorchSharp from copying in this process: it looks for the package cache where this variable points.</summary>
    /// <remarks>It swallows what a resolver throws, so nothing else stops it; the copy could not be loaded either.</remarks>
    internal static void ForbidCopy() => Environment.SetEnvironmentVariable("NUGET_PACKAGES", "/dev/null/torch-cannot-be-loaded");

    private static bool IsLibrary(FileSystemInfo file) =>
        file is FileInfo && file.Name.StartsWith("lib", StringComparison.Ordinal) && file.Name.Contains(".so", StringComparison.Ordinal);
}
