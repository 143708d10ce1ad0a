using System.Collections.Concurrent;
using System.Globalization;

namespace FlowGrain.Serving;

/// <summary>
/// Whether the files of versions are whole. All of them are read only when one of them has changed since they last were: lists are asked for
/// every second, and must not hash every model each time.
/// </summary>
internal sealed class FolderChecks
{
    private readonly ConcurrentDictionary<string, string> _whole = []; // by folder, as its files were then
    private readonly ModelStore _store;

    /// <summary>Checks the versions of a registry.</summary>
    public FolderChecks(ModelStore store)
    {
        _store = store;
        store.Changed += _ => Forget();
    }

    /// <summary>Returns where a version is whole.</summary>
    /// <exception cref="BadInputException">A file of it is absent or damaged.</exception>
    internal void Require(string name, int version)
    {
        var folder = _store.PathOf(name, version);
        var now = Stamp(folder); // before they are read: a change meanwhile is seen the next time
        if (now is not null && now == _whole.GetValueOrDefault(folder)) return;
        _whole.TryRemove(folder, out _);
        _store.Verify(name, version);
        if (now is not null) _whole[folder] = now;
    }

    /// <summary>Versions that were deleted leave nothing here.</summary>
    private void Forget()
    {
        foreach (var folder in _whole.Keys.Where(folder => !Directory.Exists(folder))) _whole.TryRemove(folder, out _);
    }

    /// <summary>Names, lengths and times of its files; null where the folder cannot be looked at, of which reading it says why.</summary>
    private static string? Stamp(string folder)
    {
        try
        {
            var files = new DirectoryInfo(folder).GetFiles().OrderBy(file => file.Name, StringComparer.Ordinal);
            return string.Join('\n', files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{file.Name} {file.Length} {file.LastWriteTimeUtc.Ticks}")));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
