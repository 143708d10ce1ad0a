namespace FlowGrain.Silo.Security;

/// <summary>A file that a setting names.</summary>
/// <param name="Setting">The setting, as its user types it.</param>
/// <param name="Path">Where the file lies.</param>
internal sealed record SettingFile(string Setting, string Path)
{
    private const int MostBytes = 1 << 20; // of keys and certificates; a file that was not meant may have any size

    /// <summary>Reads it.</summary>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    internal byte[] Read()
    {
        try
        {
            using var file = File.OpenRead(Path);
            if (file.Length > MostBytes) throw Unusable("is larger than 1 MiB", "name the file that was meant");
            var content = new byte[file.Length];
            return content[..file.ReadAtLeast(content, content.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unusable("is not there", "put it there, or name another");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unusable("cannot be read by this user", "change its permissions, or name another");
        }
    }

    /// <summary>The sentence about what is wrong with it.</summary>
    internal BadInputException Unusable(string fault, string remedy) => new($"{Setting} is '{Path}', which {fault}; {remedy}.");

    /// <summary>What is wrong with what is read; null where nothing is.</summary>
    internal static string? Fault(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (BadInputException error)
        {
            return error.Message;
        }
    }
}
