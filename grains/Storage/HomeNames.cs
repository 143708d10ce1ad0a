using FlowGrain.Cluster;
using FlowGrain.Serving;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Storage;

/// <summary>What a home holds, read from the names of its folders: at once, without a silo.</summary>
public sealed class HomeNames
{
    private readonly StorageOptions _storage;
    private readonly ModelStore _models;

    /// <param name="home">The home, which need not be there.</param>
    public HomeNames(string home)
    {
        _storage = new StorageOptions { Root = home };
        _models = new ModelStore(Options.Create(_storage), TimeProvider.System);
    }

    /// <summary>The journal that commands and a silo on its own keep in a home, whether or not it is there.</summary>
    public static string JournalOf(string home) => new StorageOptions { Root = home }.Journal;

    /// <summary>Names of the runs that have left something on disk.</summary>
    public IEnumerable<string> Runs => Directory.Exists(_storage.Runs)
        ? Directory.EnumerateDirectories(_storage.Runs).Select(path => Path.GetFileName(path)).Where(RunName.IsAllowed).Order(StringComparer.Ordinal)
        : [];

    /// <summary>Names of the models.</summary>
    public IEnumerable<string> Models => _models.Names();

    /// <summary>The versions of a model, ascending; none where there is no such model.</summary>
    public IEnumerable<int> Versions(string model) => RunName.IsAllowed(model) ? _models.Versions(model) : [];
}
