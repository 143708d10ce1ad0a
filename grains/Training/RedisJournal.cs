using System.Collections.Immutable;
using System.Text.Json;
using FlowGrain.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StackExchange.Redis;

namespace FlowGrain.Training;

/// <summary>The journal of a cluster: a document a run in Redis, changed by compare-and-swap.</summary>
/// <remarks>
/// A change reads the document, computes the next one, and writes it only if nobody wrote meanwhile; else it begins again. It
/// is durable as far as Redis is: with <c>appendonly yes</c> and <c>appendfsync always</c> what was written outlives Redis. While
/// Redis is away it is asked again; every change does the same twice as once.
/// </remarks>
internal sealed class RedisJournal(IConnectionMultiplexer redis, IOptions<ClusterOptions> cluster, TimeProvider clock, ILogger<RedisJournal> logger) : IRunJournal
{
    private const int SnapshotsKept = 2; // the newest, and one before in case its disk lies

    private IDatabase Database => redis.GetDatabase();

    private string Prefix => $"flowgrain/{cluster.Value.ClusterId}/journal/";

    private RedisKey Names => $"{Prefix}runs";

    /// <inheritdoc />
    public Task<RunEntry> FindOrAdd(string run, NewRun plan) => Change(run, document =>
    {
        if (document.Versions.FirstOrDefault(version => version.Entry.PlanHash == plan.PlanHash) is { } known) return (document, known.Entry);
        var number = Math.Max(document.Versions.Select(version => version.Entry.Version).DefaultIfEmpty().Max(), plan.After) + 1;
        var entry = new RunEntry(run, number, plan.PlanHash, plan.PlanJson, plan.Preset, RunPhase.Preparing, 0, plan.Steps, null, clock.GetUtcNow(), null, null);
        return (document with { Versions = document.Versions.Add(new JournaledVersion(entry, default, [])) }, entry);
    });

    /// <inheritdoc />
    public async Task<RunEntry?> Newest(string run) => (await Read(run)).Document.Versions.MaxBy(version => version.Entry.Version)?.Entry;

    /// <inheritdoc />
    public async Task<RunEntry?> Version(string run, int version) => (await Read(run)).Document.Versions.FirstOrDefault(known => known.Entry.Version == version)?.Entry;

    /// <inheritdoc />
    public async Task<ImmutableArray<RunEntry>> All()
    {
        var names = await Ask(() => Database.SetMembersAsync(Names));
        var documents = await Task.WhenAll(names.Select(name => TryRead(name!)));
        return [.. documents.SelectMany(versions => versions).Select(version => version.Entry).OrderByDescending(entry => entry.Started)];
    }

    /// <inheritdoc />
    public Task<Epoch> Claim(string run, int version, Epoch? holding = null, long after = 0)
    {
        var nonce = Guid.NewGuid(); // by which a claim whose answer was lost is known again
        return Change(run, document =>
        {
            var current = document.EpochOf(version);
            if (current.Nonce == nonce) return (document, current);
            if (holding is { } held) RequireEpoch(run, version, current, held);
            var epoch = new Epoch(Math.Max(document.Epoch, after) + 1, nonce);
            return (document.With(version, known => known with { Epoch = epoch }) with { Epoch = epoch.Number }, epoch);
        });
    }

    /// <inheritdoc />
    public Task Note(string run, int version, Epoch epoch, RunNote note) => Change(run, version, epoch, known => known with
    {
        Entry = known.Entry with
        {
            Phase = note.Phase,
            Steps = note.Steps ?? known.Entry.Steps,
            Failure = note.Failure,
            ResultJson = note.ResultJson ?? known.Entry.ResultJson,
        },
    });

    /// <inheritdoc />
    public async Task<ImmutableArray<CommittedSnapshot>> Commit(string run, int version, Epoch epoch, CommittedSnapshot snapshot) =>
        (await Change(run, version, epoch, known => known with
        {
            Entry = known.Entry with { Step = snapshot.Round, Validation = snapshot.Validation },
            Snapshots = [.. known.Snapshots.Where(other => other.Round != snapshot.Round).Append(snapshot).OrderByDescending(other => other.Round).Take(SnapshotsKept)],
        })).Snapshots;

    /// <inheritdoc />
    public Task Rewind(string run, int version, Epoch epoch, long round) =>
        Change(run, version, epoch, known => known with { Snapshots = [.. known.Snapshots.Where(snapshot => snapshot.Round <= round)] });

    /// <inheritdoc />
    public async Task<ImmutableArray<CommittedSnapshot>> Snapshots(string run, int version) =>
        (await Read(run)).Document.Versions.FirstOrDefault(known => known.Entry.Version == version)?.Snapshots ?? [];

    /// <inheritdoc />
    public Task Delete(string run) => Change(run, document => (document with { Versions = [] }, true)); // its name and its epochs stay

    private async Task<JournaledVersion> Change(string run, int version, Epoch epoch, Func<JournaledVersion, JournaledVersion> change) => await Change(run, document =>
    {
        RequireEpoch(run, version, document.EpochOf(version), epoch);
        var changed = document.With(version, change);
        return (changed, changed.Versions.First(known => known.Entry.Version == version));
    });

    private static void RequireEpoch(string run, int version, Epoch current, Epoch held)
    {
        if (current != held) throw new StaleEpochException($"Run '{run}' version {version} is at epoch {current.Number}; this activation holds {held.Number}.");
    }

    private async Task<T> Change<T>(string run, Func<JournaledRun, (JournaledRun Changed, T Result)> change)
    {
        while (true)
        {
            var (document, json) = await Read(run);
            var (changed, result) = change(document);
            if (ReferenceEquals(changed, document) || await Ask(() => Swap(run, json, changed))) return result;
        }
    }

    private Task<bool> Swap(string run, RedisValue read, JournaledRun changed)
    {
        var transaction = Database.CreateTransaction();
        transaction.AddCondition(read.IsNull ? Condition.KeyNotExists(KeyOf(run)) : Condition.StringEqual(KeyOf(run), read));
        _ = transaction.StringSetAsync(KeyOf(run), Json.Text(changed));
        _ = transaction.SetAddAsync(Names, run);
        return transaction.ExecuteAsync();
    }

    private async Task<(JournaledRun Document, RedisValue Json)> Read(string run)
    {
        var json = await Ask(() => Database.StringGetAsync(KeyOf(run)));
        return (json.IsNull ? new JournaledRun(0, []) : Json.Value<JournaledRun>(json.ToString()), json);
    }

    /// <summary>The versions of a run; none where another version of the program wrote what this one cannot read, which must not keep it from the others.</summary>
    private async Task<ImmutableArray<JournaledVersion>> TryRead(string run)
    {
        try
        {
            return (await Read(run)).Document.Versions;
        }
        catch (JsonException unknown)
        {
            logger.RunNotRead(unknown, run);
            return [];
        }
    }

    private Task<T> Ask<T>(Func<Task<T>> question) => PatientRedis.Ask(question, clock);

    private RedisKey KeyOf(string run) => $"{Prefix}run/{run}";
}

/// <summary>A run in the journal of a cluster.</summary>
/// <param name="Epoch">The last number that was claimed, over all versions and deletions.</param>
/// <param name="Versions">Its versions.</param>
internal sealed record JournaledRun(long Epoch, ImmutableArray<JournaledVersion> Versions)
{
    /// <summary>Who may write a version.</summary>
    internal Epoch EpochOf(int version) => Versions.FirstOrDefault(known => known.Entry.Version == version)?.Epoch ?? default;

    /// <summary>With one version changed.</summary>
    internal JournaledRun With(int version, Func<JournaledVersion, JournaledVersion> change) =>
        this with { Versions = [.. Versions.Select(known => known.Entry.Version == version ? change(known) : known)] };
}

/// <summary>A version of a run in the journal of a cluster.</summary>
/// <param name="Entry">What is known of it.</param>
/// <param name="Epoch">Who may write.</param>
/// <param name="Snapshots">Its committed snapshots, newest first.</param>
internal sealed record JournaledVersion(RunEntry Entry, Epoch Epoch, ImmutableArray<CommittedSnapshot> Snapshots);
