using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using FlowGrain.Cluster;
using FlowGrain.Flows;
using FlowGrain.Storage;
using FlowGrain.Training;
using Microsoft.Extensions.Options;

namespace FlowGrain.Serving;

/// <summary>
/// The registry: a folder <c>models/NAME/VERSION/</c> for each version; its files are <see cref="ModelFolder"/>'s. A version
/// is there whole or not at all, and verified when it is loaded.
/// </summary>
/// <remarks>Every method refuses a name that leads out of the registry with a <see cref="BadInputException"/>.</remarks>
internal sealed class ModelStore(IOptions<StorageOptions> storage, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ReadHistory> _histories = [];
    private volatile KnownNames? _names;

    /// <summary>Told the name of a model of which this process has published or deleted a version, or moved an alias.</summary>
    internal event Action<string>? Changed;

    /// <summary>SHA-256 of a parameter buffer, little-endian float32.</summary>
    internal static string Sha256(ReadOnlySpan<float> weights) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(weights)));

    /// <summary>The folder of a version.</summary>
    internal string PathOf(string name, int version) => Path.Combine(FolderOf(name), $"{version}");

    /// <summary>Publishes a version. Publishing the same weights of the same flow again does nothing, and mends a folder that is damaged.</summary>
    /// <param name="model">The version.</param>
    /// <param name="rounds">The rounds that made it.</param>
    /// <exception cref="BadInputException">The version is published already, with another flow or other weights.</exception>
    /// <exception cref="DiskFullException">There is no room for it; nothing was left behind.</exception>
    internal void Publish(StoredModel model, IEnumerable<RoundLine> rounds)
    {
        if (IsPublished(model)) return;
        var target = PathOf(model.Name, model.Version);
        DiskSpace.Use(storage.Value.Models, () =>
        {
            using var folder = StagingFolder.Create(Path.GetDirectoryName(target)!, clock);
            ModelFolder.Write(folder, model, rounds);
            folder.Replace(target);
        });
        Tell(model.Name);
    }

    /// <summary>Whether a version is there with all of its files, none of them damaged. Reads all of it.</summary>
    internal bool IsIntact(string name, int version)
    {
        try
        {
            var folder = PathOf(name, version);
            return RoundFiles.Fault(folder, ModelFolder.Verify(folder)) is null && ModelFolder.HasCard(folder);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Whether its folder can be seen: a disk that is away says nothing of what is on it.</summary>
    internal bool IsThere => Directory.Exists(storage.Value.Models);

    /// <summary>Names of all models.</summary>
    internal ImmutableArray<string> Names() => [.. Folders(storage.Value.Models).Where(name => RunName.IsAllowed(name) && Versions(name).Length > 0).Order(StringComparer.Ordinal)];

    /// <summary>Names of all models, as they were a second ago at most: looking for them walks through the whole registry.</summary>
    internal ImmutableArray<string> RecentNames()
    {
        if (_names is { } known && clock.GetElapsedTime(known.Looked) < Fresh) return known.Names;
        var looked = clock.GetTimestamp();
        var names = Names();
        _names = new KnownNames(names, looked);
        return names;
    }

    /// <summary>Versions of a model, ascending.</summary>
    internal ImmutableArray<int> Versions(string name) =>
        [.. Folders(FolderOf(name)).Where(folder => int.TryParse(folder, out _)).Select(int.Parse).Order()];

    /// <summary>What there is of a model.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal RegisteredModel Find(string name) => Versions(name) is { IsEmpty: false } versions
        ? new RegisteredModel(name, versions, Read(name).Registration)
        : throw NoModel(name);

    /// <summary>The versions that a list shows, newest first: the newest, and those that aliases name. Aliases that cannot be read hide no model.</summary>
    internal ImmutableArray<int> Listed(string name)
    {
        var versions = Versions(name);
        return versions.IsEmpty ? [] : [.. Named().Where(versions.Contains).Append(versions[^1]).Distinct().OrderDescending()];

        IEnumerable<int> Named()
        {
            try
            {
                return Read(name).Registration.Aliases.Values;
            }
            catch (BadInputException)
            {
                return []; // the description of the newest says so
            }
        }
    }

    /// <summary>The version meant: a number or an alias; null for the champion, or the newest where there is none.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    internal int Resolve(string name, string? which) => Find(name).Version(which);

    /// <inheritdoc cref="Resolve(string, string?)"/>
    internal int Resolve(string name, int? version) => Resolve(name, version?.ToString(CultureInfo.InvariantCulture));

    /// <summary>The largest number that a version of a model has, or had before it was deleted; 0 where there was none.</summary>
    internal int Highest(string name) => Math.Max(Versions(name).LastOrDefault(), Registrations.HighestDeleted(Changes(name)));

    /// <summary>
    /// Has somebody take the next number of a model. Nobody else takes one meanwhile, in whichever process, so that a run that begins
    /// and an archive that is imported never have the same.
    /// </summary>
    /// <param name="name">The model.</param>
    /// <param name="take">Given the largest number that a version has, or had before it was deleted; who asks next must find what it took.</param>
    /// <param name="cancellation">Ends the waiting for another.</param>
    internal async Task<T> Number<T>(string name, Func<int, Task<T>> take, CancellationToken cancellation = default)
    {
        using var held = await RegistryLock.Take(storage.Value.Models, RegistryLock.Numbers, clock, cancellation);
        return await take(Highest(name));
    }

    /// <summary>Whether a version was there and was deleted; with null, whether all were that there were.</summary>
    internal bool IsDeleted(string name, int? version) => Changes(name) is var changes &&
        (version is { } one ? !Versions(name).Contains(one) && changes.Any(change => change.Kind is RegistryChangeKind.Deleted && change.Version == one)
            : Versions(name).IsEmpty && changes.Any(change => change.Kind is RegistryChangeKind.Deleted));

    /// <summary>Every change of a model's aliases, oldest first.</summary>
    internal ImmutableArray<RegistryChange> Changes(string name) => Read(name).Changes;

    /// <summary>Adds a change that what is there asks for; with null, nothing.</summary>
    internal async Task Change(string name, Func<RegisteredModel, ImmutableArray<RegistryChange>, RegistryChange?> change, CancellationToken cancellation = default, Action? then = null)
    {
        await HistoryOf(name).Append(changes => change(new RegisteredModel(name, Versions(name), Registrations.Of(changes)), changes), cancellation, then);
        Tell(name);
    }

    /// <summary>Reads flow and record of a version, without its weights.</summary>
    /// <exception cref="BadInputException">A file is absent or damaged.</exception>
    internal (FlowSpec Flow, RunRecord Record) Describe(string name, int version) => Reading(name, version, ModelFolder.Describe);

    /// <summary>The page of a version for people.</summary>
    /// <exception cref="BadInputException">It is absent or cannot be read.</exception>
    internal string Card(string name, int version) => Reading(name, version, ModelFolder.Card);

    /// <summary>Reads a version and verifies its weights.</summary>
    /// <exception cref="BadInputException">There is no such version, or a file of it is damaged.</exception>
    internal StoredModel Load(string name, int version)
    {
        var (flow, record, weights, reference) = Reading(name, version, ModelFolder.ReadAll);
        return new StoredModel(name, version, flow, record, weights) { Reference = reference, Golden = Reading(name, version, folder => ModelFolder.Golden(folder, flow, record)) };
    }

    /// <summary>Reads a version and verifies it, without holding its weights.</summary>
    /// <exception cref="BadInputException">There is no such version, or a file of it is damaged.</exception>
    internal void Verify(string name, int version) => Reading(name, version, ModelFolder.Verify);

    /// <summary>Removes a version, or all of them; what is not there need not be removed. Their numbers are not given again.</summary>
    /// <exception cref="BadInputException">An alias names the version.</exception>
    internal async Task Delete(string name, int? version, string? by = null, CancellationToken cancellation = default)
    {
        foreach (var alias in version is null ? Read(name).Registration.Aliases.Keys : [])
            await Change(name, (_, _) => Happened(RegistryChangeKind.Removed, by) with { Alias = alias }, cancellation);
        if (version is null) await Change(name, (model, _) => model.Registration.IsUnloaded ? Happened(RegistryChangeKind.Loaded, by) : null, cancellation); // or the next of its name would answer nobody
        foreach (var one in Versions(name).Where(one => version is null || one == version))
        {
            await Change(
                name,
                (model, _) =>
                {
                    model.RequireUnnamed(one);
                    return Happened(RegistryChangeKind.Deleted, by) with { Version = one };
                },
                cancellation,
                () => StagingFolder.Remove(PathOf(name, one))); // after the line, or a crash between the two would give its number again
        }

        Tell(name);
    }

    /// <summary>Writes a version as one archive.</summary>
    /// <exception cref="BadInputException">It is damaged, or the file cannot be written.</exception>
    internal void Export(string name, int version, string path)
    {
        Verify(name, version); // nobody shall find out at the other end
        using var file = WholeFile.Create(path);
        file.Fill(archive => ModelArchive.Write(PathOf(name, version), archive));
        file.Commit();
    }

    /// <summary>Gives a finished folder its place as a version; false where somebody else took the number meanwhile.</summary>
    internal bool TryTake(string name, int version, StagingFolder folder)
    {
        if (!folder.TryCommit(PathOf(name, version))) return false;
        Tell(name);
        return true;
    }

    /// <summary>A change that happens now.</summary>
    internal RegistryChange Happened(RegistryChangeKind kind, string? by = null) => new(clock.GetUtcNow(), kind) { By = by };

    private bool IsPublished(StoredModel model)
    {
        if (!IsIntact(model.Name, model.Version)) return false;
        var (flow, record) = Describe(model.Name, model.Version);
        return flow.Hash() == model.Flow.Hash() && record.Result.WeightsSha256 == Sha256(model.Weights) ? true : throw new BadInputException(
            $"Model '{model.Name}' version {model.Version} is published already, with other weights; delete it with 'flowgrain models delete {model.Name}@{model.Version}', or choose another --name.");
    }

    /// <summary>The changes of a model and what they come to; read and folded again only when there are more.</summary>
    private ReadHistory Read(string name)
    {
        var history = HistoryOf(name);
        var length = history.Length;
        if (_histories.TryGetValue(name, out var known) && known.Length == length) return known;
        try
        {
            var changes = history.Read();
            return _histories[name] = new(length, changes, Registrations.Of(changes));
        }
        catch (InvalidDataException damaged)
        {
            throw new BadInputException($"The aliases of model '{name}' cannot be read: {damaged.Message}; remove that line, after which all others count again.");
        }
    }

    private string FolderOf(string name) => RunName.IsAllowed(name) ? Path.Combine(storage.Value.Models, name) : throw NoModel(name);

    private ModelHistory HistoryOf(string name) => new(FolderOf(name), clock);

    private NotFoundException NoModel(string name)
    {
        var names = RecentNames();
        return new(names.IsEmpty
            ? $"There is no model '{Excerpt.Of(name)}', and no other under '{storage.Value.Models}'; train one first."
            : $"There is no model '{Excerpt.Of(name)}'{Nearest.Hint(name, names, $"; there are {string.Join(", ", names)}.")}");
    }

    private T Reading<T>(string name, int version, Func<string, T> read)
    {
        try
        {
            return read(PathOf(name, version));
        }
        catch (InvalidDataException damaged)
        {
            throw new BadInputException(
                $"Model '{name}' version {version} cannot be used: {damaged.Message}; delete it with 'flowgrain models delete {name}@{version}', or train it again with the command that made it.");
        }
    }

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'))
        : [];

    private void Tell(string name)
    {
        _names = null;
        Changed?.Invoke(name);
    }

    private sealed record KnownNames(ImmutableArray<string> Names, long Looked);

    private sealed record ReadHistory(long Length, ImmutableArray<RegistryChange> Changes, ModelRegistration Registration);
}
