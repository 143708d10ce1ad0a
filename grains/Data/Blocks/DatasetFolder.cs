using System.Text.Json;
using FlowGrain.Storage;

namespace FlowGrain.Data;

/// <summary>Reads the parts of a data set's folder and says which is damaged.</summary>
internal static class DatasetFolder
{
    /// <summary>The file that says from which files it was read last.</summary>
    internal const string SourcesName = "sources.json";

    /// <summary>The file that says what was selected of them, for its readers: the manifest has what it came to.</summary>
    internal const string SelectionName = "selection.json";

    private const int IdLetters = 32;

    /// <summary>The folders of data sets below a root; others there are none.</summary>
    internal static IEnumerable<string> All(string root) => Directory.Exists(root) ? Directory.EnumerateDirectories(root).Where(folder => IsId(Path.GetFileName(folder))) : [];

    /// <summary>What all of it takes on disk; nothing where it is just being removed.</summary>
    internal static long Bytes(string folder)
    {
        try
        {
            return new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
        }
        catch (Exception gone) when (gone is DirectoryNotFoundException or FileNotFoundException)
        {
            return 0;
        }
    }

    /// <summary>Whether the files that it came from are still there, unchanged, so that it can be imported again.</summary>
    internal static bool IsAtHand(string folder)
    {
        try
        {
            return File.Exists(Path.Combine(folder, SourcesName)) && Sources(folder) is { } sources && sources.Files.All(file => File.Exists(file.Path)) && sources.Changed() is null;
        }
        catch (JsonException)
        {
            return false; // whoever cannot tell takes nothing
        }
    }

    /// <summary>Notes from which files it was read now: the same content may lie elsewhere than before.</summary>
    internal static void WriteSources(string folder, SourceFiles sources)
    {
        var (path, bytes) = (Path.Combine(folder, SourcesName), Json(sources));
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes)) WholeFile.Write(path, bytes);
    }

    /// <summary>What <see cref="SourcesName"/> holds.</summary>
    internal static byte[] Json(SourceFiles sources) => JsonSerializer.SerializeToUtf8Bytes(sources, DataJson.Default.SourceFiles);

    /// <summary>What <see cref="SelectionName"/> holds: the sources without their folders.</summary>
    internal static byte[] Json(DataSelection selection) => JsonSerializer.SerializeToUtf8Bytes(
        selection with { Path = SourcePath.Name(selection.Path), Validation = selection.Validation is { } file ? SourcePath.Name(file) : null }, DataJson.Default.DataSelection);

    /// <summary>What was selected; null where that is not noted.</summary>
    internal static DataSelection? Selection(string folder)
    {
        var path = Path.Combine(folder, SelectionName);
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), DataJson.Default.DataSelection) : null;
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException)
        {
            return null; // a note that cannot be read is none, and the data are what the manifest says
        }
    }

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
        var (expected, found) = (MappedBlock.SizeOf(block.Rows, width, manifest.Weights is not null), File.Exists(path) ? new FileInfo(path).Length : 0);
        return expected == found
            ? new MappedBlock(path, block.Rows, width, manifest.Weights is not null)
            : throw Damaged(folder, $"{block.File} has {found} bytes instead of {expected}");
    }

    /// <summary>The sentence for a damaged data set.</summary>
    internal static BadInputException Damaged(string folder, string what) =>
        new($"The data set in '{folder}' is damaged: {what}; delete that folder and import the source file again.");

    private static bool IsId(string name) => name.Length == IdLetters && name.All(char.IsAsciiHexDigitLower);

    private static SourceFiles? Sources(string folder) => JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, SourcesName)), DataJson.Default.SourceFiles);

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
