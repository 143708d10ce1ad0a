using System.Text.Json;

namespace FlowGrain.Data;

/// <summary>Reads the parts of a data set's folder and says which is damaged.</summary>
internal static class DatasetFolder
{
    /// <summary>Reads and checks the manifest.</summary>
    internal static Manifest ReadManifest(string folder)
    {
        var path = Path.Combine(folder, Manifest.FileName);
        if (!File.Exists(path)) throw Damaged(folder, $"{Manifest.FileName} is missing");

        var manifest = Parse(folder, path);
        if (manifest.Columns.IsDefault || manifest.Blocks.IsDefault) throw Damaged(folder, $"{Manifest.FileName} lacks its columns or blocks");
        if (manifest.Format != Manifest.CurrentFormat)
            throw Damaged(folder, $"{Manifest.FileName} has format {manifest.Format} and this program reads {Manifest.CurrentFormat}");
        if (manifest.Root != manifest.ComputeRoot()) throw Damaged(folder, $"{Manifest.FileName} does not match its own hash");
        return manifest;
    }

    /// <summary>Whether a folder is that of the data set with this root.</summary>
    internal static bool IsOf(string folder, string root)
    {
        try
        {
            return File.Exists(Path.Combine(folder, Manifest.FileName)) && ReadManifest(folder).Root == root;
        }
        catch (BadInputException)
        {
            return false; // a damaged one is none that could be used
        }
    }

    /// <summary>Maps a block whose size is right.</summary>
    internal static MappedBlock Map(string folder, Manifest manifest, ManifestBlock block)
    {
        var path = Path.Combine(folder, block.File);
        var width = manifest.Columns.Length;
        var (expected, found) = (MappedBlock.SizeOf(block.Rows, width), File.Exists(path) ? new FileInfo(path).Length : 0);
        return expected == found
            ? new MappedBlock(path, block.Rows, width)
            : throw Damaged(folder, $"{block.File} has {found} bytes instead of {expected}");
    }

    /// <summary>The sentence for a damaged data set.</summary>
    internal static BadInputException Damaged(string folder, string what) =>
        new($"The data set in '{folder}' is damaged: {what}; delete that folder and import the source file again.");

    private static Manifest Parse(string folder, string path)
    {
        try
        {
            return Manifest.FromJson(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            throw Damaged(folder, $"{Manifest.FileName} is not readable as JSON");
        }
    }
}
