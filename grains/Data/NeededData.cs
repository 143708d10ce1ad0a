using System.Collections.Immutable;
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
        WholeFile.Write(Path.Combine(folder, Note), System.Text.Encoding.UTF8.GetBytes(dataset));
    }

    /// <summary>The run has finished.</summary>
    internal void Release(string run, int version) => File.Delete(Path.Combine(FolderOf(run, version), Note));

    /// <summary>The runs that need a data set, by name.</summary>
    internal ImmutableArray<string> Of(string dataset) => Directory.Exists(storage.Value.Runs)
        ? [.. Directory.EnumerateDirectories(storage.Value.Runs).Where(run => Needs(run, dataset)).Select(run => Path.GetFileName(run)).Order(StringComparer.Ordinal)]
        : [];

    private static bool Needs(string run, string dataset) =>
        Directory.EnumerateDirectories(run).Select(version => Path.Combine(version, Note)).Any(note => File.Exists(note) && File.ReadAllText(note) == dataset);

    private string FolderOf(string run, int version) => Path.Combine(storage.Value.Runs, run, $"{version}");
}
