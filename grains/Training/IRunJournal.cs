using System.Collections.Immutable;

namespace FlowGrain.Training;

/// <summary>
/// What a cluster durably knows of its runs. Whoever writes holds the run's epoch; a writer with an older one is refused,
/// so two activations can never both go on.
/// </summary>
internal interface IRunJournal
{
    /// <summary>The version with this plan, or a new one; repeating the call gives the same version.</summary>
    Task<RunEntry> FindOrAdd(string run, NewRun plan);

    /// <summary>The newest version of a run, or null.</summary>
    Task<RunEntry?> Newest(string run);

    /// <summary>One version of a run, or null.</summary>
    Task<RunEntry?> Version(string run, int version);

    /// <summary>Every version of every run, newest first.</summary>
    Task<ImmutableArray<RunEntry>> All();

    /// <summary>Claims the next epoch of a version.</summary>
    /// <param name="run">The run.</param>
    /// <param name="version">Its version.</param>
    /// <param name="holding">The epoch that the caller holds, after which no other may have come; null for one that begins.</param>
    /// <param name="after">The newest that is known otherwise, from files that outlived a journal; the claim is later.</param>
    /// <exception cref="StaleEpochException">Another activation has claimed a later epoch than the caller's.</exception>
    Task<Epoch> Claim(string run, int version, Epoch? holding = null, long after = 0);

    /// <summary>Notes a change of phase, the fixed number of steps, a failure.</summary>
    /// <exception cref="StaleEpochException">Another activation has claimed a later epoch.</exception>
    Task Note(string run, int version, Epoch epoch, RunNote note);

    /// <summary>Commits a group of rounds by its snapshot, and returns the snapshots that are still needed.</summary>
    /// <exception cref="StaleEpochException">Another activation has claimed a later epoch.</exception>
    Task<ImmutableArray<CommittedSnapshot>> Commit(string run, int version, Epoch epoch, CommittedSnapshot snapshot);

    /// <summary>Forgets the snapshots after a round: a run that goes on from an older one, because they are damaged, writes its own.</summary>
    /// <exception cref="StaleEpochException">Another activation has claimed a later epoch.</exception>
    Task Rewind(string run, int version, Epoch epoch, long round);

    /// <summary>The committed snapshots of a version, newest first.</summary>
    Task<ImmutableArray<CommittedSnapshot>> Snapshots(string run, int version);

    /// <summary>Forgets every version of a run.</summary>
    Task Delete(string run);
}

/// <summary>A run as it enters the journal.</summary>
/// <param name="PlanHash">What tells plans apart: everything that decides the bits.</param>
/// <param name="PlanJson">The plan.</param>
/// <param name="Preset">Its preset.</param>
/// <param name="Steps">Planned rounds, or null.</param>
/// <param name="After">The newest version that the registry has of it, which outlives a deleted run; a new version is later.</param>
internal sealed record NewRun(string PlanHash, string PlanJson, string Preset, long? Steps, int After = 0);

/// <summary>A version of a run as the journal knows it.</summary>
/// <param name="Run">The run's name.</param>
/// <param name="Version">The version.</param>
/// <param name="PlanHash">Hash of its plan.</param>
/// <param name="PlanJson">Its plan.</param>
/// <param name="Preset">Its preset.</param>
/// <param name="Phase">Where it is.</param>
/// <param name="Step">Rounds durably committed.</param>
/// <param name="Steps">Planned rounds; null while not fixed.</param>
/// <param name="Validation">Best validation committed, nats per row.</param>
/// <param name="Started">When it began, UTC.</param>
/// <param name="ResultJson">What it came to; null until finished.</param>
/// <param name="Failure">One sentence when it failed.</param>
internal sealed record RunEntry(
    string Run,
    int Version,
    string PlanHash,
    string PlanJson,
    string Preset,
    RunPhase Phase,
    long Step,
    long? Steps,
    double? Validation,
    DateTimeOffset Started,
    string? ResultJson,
    string? Failure)
{
    /// <summary>Whether it should be training now.</summary>
    internal bool IsUnderWay => Phase is RunPhase.Preparing or RunPhase.Training or RunPhase.Publishing;
}

/// <summary>A change of a run's entry; null leaves a field as it is.</summary>
internal sealed record RunNote
{
    /// <summary>The new phase.</summary>
    public required RunPhase Phase { get; init; }

    /// <summary>The number of rounds, now that it is fixed.</summary>
    public long? Steps { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Failure { get; init; }

    /// <summary>What it came to.</summary>
    public string? ResultJson { get; init; }
}

/// <summary>A snapshot that the journal vouches for.</summary>
/// <param name="Round">Rounds it covers.</param>
/// <param name="Name">Its folder.</param>
/// <param name="Sha256">SHA-256 of its manifest.</param>
/// <param name="Validation">Best validation so far, nats per row.</param>
internal sealed record CommittedSnapshot(long Round, string Name, string Sha256, double? Validation);
