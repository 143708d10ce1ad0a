using System.IO.Compression;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlowGrain.Storage;

namespace FlowGrain.Serving;

/// <summary>A version as one file: a zip of its folder, the same bytes for the same version. Weights are stored as they are; they do not compress.</summary>
/// <remarks>Whatever is wrong with one is an <see cref="InvalidDataException"/> whose message is a clause.</remarks>
public static partial class ModelArchive
{
    private const string Stored = ".safetensors";
    private const int MostFiles = 64;
    private const int MostRatio = 200; // of what a file comes to and what it takes in the archive: round records compress to a tenth
    private const long Small = 1 << 20; // bytes, of which no ratio is asked
    private static readonly DateTimeOffset Date = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero); // the first that a zip can tell

    /// <summary>The name of the model that an archive was made of.</summary>
    /// <exception cref="BadInputException">It is no archive of a model.</exception>
    public static string NameIn(string path) => Reading(path, zip =>
    {
        using var record = (zip.GetEntry(ModelFolder.RecordFile) ?? throw new InvalidDataException($"it has no {ModelFolder.RecordFile}")).Open();
        return JsonSerializer.Deserialize<RunRecord>(record, Json.Compact)?.Result.Model ?? throw new InvalidDataException($"{ModelFolder.RecordFile} names no model");
    });

    /// <summary>Writes a version's folder.</summary>
    internal static void Write(string folder, Stream archive)
    {
        using var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var path in Directory.EnumerateFiles(folder).Where(path => IsName(Path.GetFileName(path))).Order(StringComparer.Ordinal))
        {
            var entry = zip.CreateEntry(Path.GetFileName(path), path.EndsWith(Stored, StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
            entry.LastWriteTime = Date;
            using var file = File.OpenRead(path);
            using var packed = entry.Open();
            file.CopyTo(packed);
        }
    }

    /// <summary>Unpacks an archive into a folder, each file on disk when it returns.</summary>
    /// <exception cref="BadInputException">It is no archive of a model, or would come to far more than it takes.</exception>
    internal static void Unpack(string path, StagingFolder folder) => Reading(path, zip =>
    {
        if (zip.Entries.Count > MostFiles) throw new InvalidDataException($"it has {zip.Entries.Count} files, and a model has {MostFiles} at most");
        foreach (var entry in zip.Entries) Unpack(entry, folder);
        return zip.Entries.Count;
    });

    private static void Unpack(ZipArchiveEntry entry, StagingFolder folder)
    {
        if (!IsName(entry.FullName)) throw new InvalidDataException($"it has a file '{Excerpt.Of(entry.FullName)}', which no model has");
        if (entry.Length > Math.Max(Small, entry.CompressedLength * MostRatio)) throw new InvalidDataException($"{entry.FullName} would come to {ByteSize.Text(entry.Length)} from {ByteSize.Text(entry.CompressedLength)}");
        using var packed = entry.Open();
        using var file = folder.CreateFile(entry.FullName);
        packed.CopyTo(file); // a zip stream ends at the length that its entry says, and checks its CRC
        if (file.Length != entry.Length) throw new InvalidDataException($"{entry.FullName} has {file.Length} bytes of {entry.Length}");
        file.Flush(flushToDisk: true);
    }

    private static T Reading<T>(string path, Func<ZipArchive, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var zip = Open(file);
            return read(zip);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"'{Path.GetFileName(path)}' is not there; name an archive that 'flowgrain models export' wrote.");
        }
        catch (Exception error) when ((error is InvalidDataException or JsonException or EndOfStreamException or UnauthorizedAccessException or IOException) && !DiskSpace.IsFull(error))
        {
            var reason = error is JsonException ? $"{ModelFolder.RecordFile} is damaged" : error.Message.TrimEnd('.');
            throw new BadInputException($"'{Path.GetFileName(path)}' is no archive of a model that can be used: {reason}; name one that 'flowgrain models export' wrote.");
        }
    }

    private static ZipArchive Open(FileStream file)
    {
        if (file.Length == 0) throw new InvalidDataException("it is empty");
        try
        {
            return new ZipArchive(file, ZipArchiveMode.Read);
        }
        catch (InvalidDataException) // whose words are those of the format
        {
            throw new InvalidDataException("it is no zip file, or was cut or damaged");
        }
    }

    private static bool IsName(string name) => Plain().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Plain();
}
