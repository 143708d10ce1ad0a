namespace FlowGrain.Storage;

/// <summary>Gives a folder a name that no other has, kept in a file in it, so that two paths can be known for one folder.</summary>
public static class FolderIdentity
{
    private const string FileName = "identity";

    /// <summary>The folder's identity; the first of several processes that ask at once gives it.</summary>
    /// <exception cref="IOException">The folder cannot be read or written.</exception>
    public static string Of(string folder)
    {
        Durable.CreateFolder(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) Give(path);
        return File.ReadAllText(path);
    }

    private static void Give(string path)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        Durable.WriteFile(temporary, System.Text.Encoding.ASCII.GetBytes($"{Guid.NewGuid():N}"));
        try
        {
            File.Move(temporary, path, overwrite: false);
            Durable.SyncFolder(Path.GetDirectoryName(path)!);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary); // another process gave it
        }
    }
}
