using System.Text;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Extensions.Options;

namespace FlowGrain.Data;

/// <summary>Which data sets runs need that have not finished: each run's folder names its own, so that every silo on a shared volume sees it.</summary>
internal sealed class NeededData(IOptions<StorageOptions> storage)
{
    private const string Note = "dataset"; // beside the snapshots

    /// <summary>Notes what a version of a run needs, until it has finished or is deleted.</summary>
    internal void Need(string run, int version, string dataset)
    {
        var folder = FolderOf(run, version);
        Durable.CreateFolder(folder);
        WholeFile.Write(Path.Combine(folder, Note), Encoding.UTF8.GetBytes(dataset));
    }

    /// <summary>What a version of a run has noted; null where it never began, or has finished.</summary>
    internal string? Of(string run, int version) => Read(Path.Combine(FolderOf(run, version), Note));

    /// <summary>The run has finished.</summary>
    internal void Release(string run, int version) => File.Delete(Path.Combine(FolderOf(run, version), Note));

    /// <summary>The runs that need each data set, by its id.</summary>
    internal ILookup<string, string> All() => (Directory.Exists(storage.Value.Runs) ? Directory.EnumerateDirectories(storage.Value.Runs) : [])
        .SelectMany(run => Directory.EnumerateDirectories(run), (run, version) => (Run: Path.GetFileName(run), Dataset: Read(Path.Combine(version, Note))))
        .Where(note => note.Dataset is not null).Order().ToLookup(note => note.Dataset!, note => note.Run);

    private static string? Read(string note)
    {
        try
        {
            return File.ReadAllText(note);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null; // it never began, or has finished meanwhile
        }
    }

    private string FolderOf(string run, int version) => Path.Combine(storage.Value.Runs, run, $"{version}");
}
