using System.Collections.Immutable;
using System.Globalization;
using FlowGrain.Cluster;
using FlowGrain.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace FlowGrain.Training;

/// <summary>The journal of a silo that is alone: one SQLite file, every write on disk before it returns.</summary>
/// <remarks>SQLite blocks, so all of it runs on a thread of its own; several processes may share the file.</remarks>
internal sealed class SqliteJournal : IRunJournal, IDisposable
{
    private const int SnapshotsKept = 2; // the newest, and one before in case its disk lies

    private const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS runs (
            run TEXT NOT NULL, version INTEGER NOT NULL, plan_hash TEXT NOT NULL, plan TEXT NOT NULL, preset TEXT NOT NULL,
            phase TEXT NOT NULL, step INTEGER NOT NULL DEFAULT 0, steps INTEGER, validation REAL, started TEXT NOT NULL,
            result TEXT, failure TEXT, epoch INTEGER NOT NULL DEFAULT 0, nonce TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (run, version), UNIQUE (run, plan_hash)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS snapshots (
            run TEXT NOT NULL, version INTEGER NOT NULL, round INTEGER NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, validation REAL,
            PRIMARY KEY (run, version, round)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS epochs (run TEXT NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly DedicatedThread _thread = new("flowgrain-journal", waits: true);
    private readonly TimeProvider _clock;
    private readonly string _path;
    private readonly Lazy<SqliteConnection> _connection;

    public SqliteJournal(IOptions<StorageOptions> storage, TimeProvider clock)
    {
        (_clock, _path) = (clock, storage.Value.Journal);
        _connection = new Lazy<SqliteConnection>(() => Connect(_path), LazyThreadSafetyMode.PublicationOnly); // a fault is not for ever
    }

    public Task<RunEntry> FindOrAdd(string run, NewRun plan) => Transaction(() =>
    {
        if (Find("run = $run AND plan_hash = $hash", ("$run", run), ("$hash", plan.PlanHash)).FirstOrDefault() is { } known) return known;
        Execute(
            """
            INSERT INTO runs (run, version, plan_hash, plan, preset, phase, steps, started)
            VALUES ($run, (SELECT MAX(COALESCE(MAX(version), 0), $after) + 1 FROM runs WHERE run = $run), $hash, $plan, $preset, $phase, $steps, $started)
            """,
            ("$run", run), ("$hash", plan.PlanHash), ("$plan", plan.PlanJson), ("$preset", plan.Preset),
            ("$phase", nameof(RunPhase.Preparing)), ("$steps", plan.Steps), ("$after", plan.After), ("$started", _clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)));
        return Find("run = $run AND plan_hash = $hash", ("$run", run), ("$hash", plan.PlanHash)).Single();
    });

    public Task<RunEntry?> Newest(string run) =>
        Question(() => Find("run = $run ORDER BY version DESC LIMIT 1", ("$run", run)).FirstOrDefault());

    public Task<RunEntry?> Version(string run, int version) =>
        Question(() => Find("run = $run AND version = $version", ("$run", run), ("$version", version)).FirstOrDefault());

    public Task<ImmutableArray<RunEntry>> All() => Question(() => Find("TRUE ORDER BY started DESC").ToImmutableArray());

    public Task<Epoch> Claim(string run, int version, Epoch? holding = null, long after = 0) => Transaction(() =>
    {
        if (holding is { } held) RequireEpoch(run, version, held);
        var nonce = Guid.NewGuid();
        // Workers and ranges belong to the run, not to a version of it, so its epochs are counted over all, deleted ones included.
        var number = Rows(
            "INSERT INTO epochs VALUES ($run, $after + 1) ON CONFLICT (run) DO UPDATE SET epoch = MAX(epoch, $after) + 1 RETURNING epoch", row => row.GetInt64(0),
            ("$run", run), ("$after", after)).Single();
        Execute("UPDATE runs SET epoch = $epoch, nonce = $nonce WHERE run = $run AND version = $version",
            ("$epoch", number), ("$nonce", nonce.ToString()), ("$run", run), ("$version", version));
        return new Epoch(number, nonce);
    });

    public Task Note(string run, int version, Epoch epoch, RunNote note) => Transaction(() =>
    {
        RequireEpoch(run, version, epoch);
        Execute(
            """
            UPDATE runs SET phase = $phase, steps = COALESCE($steps, steps), failure = $failure, result = COALESCE($result, result)
            WHERE run = $run AND version = $version
            """,
            ("$phase", note.Phase.ToString()), ("$steps", note.Steps), ("$failure", note.Failure), ("$result", note.ResultJson),
            ("$run", run), ("$version", version));
        return true;
    });

    public Task<ImmutableArray<CommittedSnapshot>> Commit(string run, int version, Epoch epoch, CommittedSnapshot snapshot) => Transaction(() =>
    {
        RequireEpoch(run, version, epoch);
        Execute("INSERT OR REPLACE INTO snapshots VALUES ($run, $version, $round, $name, $sha256, $validation)",
            ("$run", run), ("$version", version), ("$round", snapshot.Round), ("$name", snapshot.Name), ("$sha256", snapshot.Sha256), ("$validation", snapshot.Validation));
        Execute("UPDATE runs SET step = $round, validation = $validation WHERE run = $run AND version = $version",
            ("$round", snapshot.Round), ("$validation", snapshot.Validation), ("$run", run), ("$version", version));
        var kept = Committed(run, version).Take(SnapshotsKept).ToImmutableArray();
        Execute("DELETE FROM snapshots WHERE run = $run AND version = $version AND round < $oldest",
            ("$run", run), ("$version", version), ("$oldest", kept[^1].Round));
        return kept;
    });

    public Task Rewind(string run, int version, Epoch epoch, long round) => Transaction(() =>
    {
        RequireEpoch(run, version, epoch);
        Execute("DELETE FROM snapshots WHERE run = $run AND version = $version AND round > $round", ("$run", run), ("$version", version), ("$round", round));
        return true;
    });

    public Task<ImmutableArray<CommittedSnapshot>> Snapshots(string run, int version) =>
        Question(() => Committed(run, version).ToImmutableArray());

    public Task Delete(string run) => Transaction(() =>
    {
        Execute("DELETE FROM snapshots WHERE run = $run", ("$run", run));
        Execute("DELETE FROM runs WHERE run = $run", ("$run", run));
        return true;
    });

    public void Dispose()
    {
        if (_connection.IsValueCreated) _thread.Run(_connection.Value.Dispose).Wait();
        _thread.Dispose();
    }

    private static SqliteConnection Connect(string path)
    {
        Durable.CreateFolder(Path.GetDirectoryName(path)!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 60 }.ToString());
        try
        {
            connection.Open();
            using var schema = connection.CreateCommand();
            schema.CommandText = Schema + "PRAGMA synchronous = FULL;";
            schema.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a change whole or not at all; it waits for other processes before it reads, so that what it read stays true.</summary>
    private Task<T> Transaction<T>(Func<T> change) => Question(() =>
    {
        using var transaction = _connection.Value.BeginTransaction(deferred: false);
        var result = change();
        transaction.Commit();
        return result;
    });

    private Task<T> Question<T>(Func<T> question) => _thread.Run(() =>
    {
        try
        {
            return question();
        }
        catch (Exception error) when (JournalFault.Sentence(_path, error) is { } sentence)
        {
            throw sentence;
        }
    });

    private void RequireEpoch(string run, int version, Epoch epoch)
    {
        var current = Rows("SELECT epoch, nonce FROM runs WHERE run = $run AND version = $version",
            row => new Epoch(row.GetInt64(0), Guid.Parse(row.GetString(1))), ("$run", run), ("$version", version)).FirstOrDefault();
        if (current != epoch) throw new StaleEpochException($"Run '{run}' version {version} is at epoch {current.Number}; this activation holds {epoch.Number}.");
    }

    private IEnumerable<RunEntry> Find(string where, params (string, object?)[] parameters) => Rows(
        "SELECT run, version, plan_hash, plan, preset, phase, step, steps, validation, started, result, failure FROM runs WHERE " + where,
        row => new RunEntry(
            row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4), Enum.Parse<RunPhase>(row.GetString(5)),
            row.GetInt64(6), Value<long>(row, 7), Value<double>(row, 8),
            DateTimeOffset.Parse(row.GetString(9), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), Text(row, 10), Text(row, 11)),
        parameters);

    private IEnumerable<CommittedSnapshot> Committed(string run, int version) => Rows(
        "SELECT round, name, sha256, validation FROM snapshots WHERE run = $run AND version = $version ORDER BY round DESC",
        row => new CommittedSnapshot(row.GetInt64(0), row.GetString(1), row.GetString(2), Value<double>(row, 3)),
        ("$run", run), ("$version", version));

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> map, params (string, object?)[] parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read()) rows.Add(map(reader));
        return rows;
    }

    private void Execute(string sql, params (string, object?)[] parameters)
    {
        using var command = Command(sql, parameters);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, (string Name, object? Value)[] parameters)
    {
        var command = _connection.Value.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }

    private static T? Value<T>(SqliteDataReader row, int column) where T : struct => row.IsDBNull(column) ? null : row.GetFieldValue<T>(column);

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
