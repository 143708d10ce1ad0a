using System.Security.Cryptography;

namespace FlowGrain.Flows.Native;

/// <summary>A file with the mended library, for as long as it takes to load it.</summary>
/// <remarks>
/// It is kept in the user's cache, under a name made of its content: a new version is a new file, and a finished file is
/// never written again. Where the cache cannot be written it is a private temporary file, removed once it is loaded.
/// </remarks>
internal sealed class MendedLibrary : IDisposable
{
    private readonly bool _temporary;

    private MendedLibrary(string path, bool temporary) => (Path, _temporary) = (path, temporary);

    internal string Path { get; }

    /// <exception cref="TorchNativeException">Neither the cache nor the temp folder can be written.</exception>
    internal static MendedLibrary Place(byte[] library)
    {
        var name = $"libLibTorchSharp-{Convert.ToHexStringLower(SHA256.HashData(library).AsSpan(0, 8))}.so";
        try
        {
            return new MendedLibrary(Write(CacheFolder(), name, library), temporary: false);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return PlaceTemporarily(name, library);
        }
    }

    /// <summary>Writes the file unless it is there. Several processes at once are safe: each renames a whole file into place.</summary>
    internal static string Write(string folder, string name, byte[] library)
    {
        var path = System.IO.Path.Combine(folder, name);
        if (Holds(path, library)) return path;

        Directory.CreateDirectory(folder);
        var draft = System.IO.Path.Combine(folder, System.IO.Path.GetRandomFileName());
        File.WriteAllBytes(draft, library);
        File.Move(draft, path, overwrite: true);
        return path;
    }

    public void Dispose()
    {
        if (_temporary) Directory.Delete(System.IO.Path.GetDirectoryName(Path)!, recursive: true);
    }

    // A fresh folder that only this user can enter: a foreseeable name in a shared temp folder could hold another user's code.
    private static MendedLibrary PlaceTemporarily(string name, byte[] library)
    {
        try
        {
            var folder = Directory.CreateTempSubdirectory("flowgrain-").FullName;
            return new MendedLibrary(Write(folder, name, library), temporary: true);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new TorchNativeException(
                $"TorchSharp's library must be mended for this machine's {SystemCxx.FileName()}, and the mended file can be written " +
                $"neither to {CacheFolder()} nor to {System.IO.Path.GetTempPath()}: {refused.Message}",
                "Set XDG_CACHE_HOME to a folder that can be written, or use a system with GCC 13's libstdc++ (Debian 13, Ubuntu 24.04).",
                refused);
        }
    }

    private static bool Holds(string path, byte[] library) =>
        File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(library);

    private static string CacheFolder()
    {
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        var root = System.IO.Path.IsPathRooted(cache)
            ? cache
            : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return System.IO.Path.Combine(root, "flowgrain", "native");
    }
}
