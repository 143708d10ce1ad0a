using Microsoft.Extensions.Logging;

namespace FlowGrain.Training;

/// <summary>Everything that training can say. Ids from 1000.</summary>
internal static partial class Log
{
    [LoggerMessage(EventId = 1000, Level = LogLevel.Information,
        Message = "Run '{Run}' version {Version} starts at step {Step} of {Steps} with {Workers} workers, epoch {Epoch}")]
    internal static partial void RunStarted(this ILogger logger, string run, int version, long step, long steps, int workers, long epoch);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Error, Message = "Run '{Run}' failed at step {Step}")]
    internal static partial void RunFailed(this ILogger logger, Exception error, string run, long step);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "Run '{Run}' stopped at step {Step}; its state is on disk")]
    internal static partial void RunStopped(this ILogger logger, string run, long step);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "Run '{Run}' published version {Version}, weights {Sha256}")]
    internal static partial void RunPublished(this ILogger logger, string run, int version, string sha256);

    [LoggerMessage(EventId = 1004, Level = LogLevel.Debug, Message = "Run '{Run}': worker '{Worker}' ended: {Reason}")]
    internal static partial void WorkerEnded(this ILogger logger, string run, string worker, string reason);

    [LoggerMessage(EventId = 1005, Level = LogLevel.Error, Message = "Run '{Run}': worker '{Worker}' cannot go on")]
    internal static partial void WorkerFailed(this ILogger logger, Exception error, string run, string worker);

    [LoggerMessage(EventId = 1006, Level = LogLevel.Warning, Message = "Run '{Run}' could not be told that worker '{Worker}' failed")]
    internal static partial void FailureUnheard(this ILogger logger, Exception error, string run, string worker);

    [LoggerMessage(EventId = 1007, Level = LogLevel.Warning, Message = "Run '{Run}' skipped round {Round}: its gradient is not finite (such rounds so far: {Count})")]
    internal static partial void RoundSkipped(this ILogger logger, string run, long round, long count);

    [LoggerMessage(EventId = 1008, Level = LogLevel.Warning, Message = "Run '{Run}' passed over the snapshot of round {Round}: it is damaged, or gave way to others")]
    internal static partial void SnapshotDamaged(this ILogger logger, string run, long round);

    [LoggerMessage(EventId = 1010, Level = LogLevel.Warning, Message = "Run '{Run}' lost worker '{Worker}' in round {Round}: {Why}; its shards go to others")]
    internal static partial void WorkerLost(this ILogger logger, string run, string worker, long round, string why);

    [LoggerMessage(EventId = 1011, Level = LogLevel.Error, Message = "Run '{Run}': workers '{First}' and '{Second}' computed other bits for shard {Shard} of round {Round}; a third one decides")]
    internal static partial void WorkersDisagree(this ILogger logger, string run, string first, string second, int shard, long round);

    [LoggerMessage(EventId = 1012, Level = LogLevel.Error, Message = "Run '{Run}' works without '{Worker}' from now on: it computed wrong bits for shard {Shard} of round {Round}")]
    internal static partial void WorkerQuarantined(this ILogger logger, string run, string worker, int shard, long round);

    [LoggerMessage(EventId = 1090, Level = LogLevel.Error, Message = "Run '{Run}' works without '{Worker}': {Sentence}")]
    internal static partial void WorkerSetAside(this ILogger logger, string run, string worker, string sentence);

    [LoggerMessage(EventId = 1013, Level = LogLevel.Warning, Message = "Run '{Run}' could not reach a worker")]
    internal static partial void WorkerNotReached(this ILogger logger, Exception error, string run);

    [LoggerMessage(EventId = 1014, Level = LogLevel.Warning, Message = "Run '{Run}' goes back from round {Round} to its last commit: {Reason}")]
    internal static partial void RunReopened(this ILogger logger, string run, long round, string reason);

    [LoggerMessage(EventId = 1015, Level = LogLevel.Warning, Message = "Run '{Run}' is left to another activation: {Reason}")]
    internal static partial void RunTakenOver(this ILogger logger, string run, string reason);

    [LoggerMessage(EventId = 1016, Level = LogLevel.Debug, Message = "Run '{Run}' could not ask which shards are missing")]
    internal static partial void NotLooked(this ILogger logger, Exception error, string run);

    [LoggerMessage(EventId = 1017, Level = LogLevel.Warning, Message = "Run '{Run}' should go on here and cannot yet")]
    internal static partial void RunNotGoneOn(this ILogger logger, Exception error, string run);

    [LoggerMessage(EventId = 1018, Level = LogLevel.Error, Message = "Run '{Run}' cannot learn which slots it may use")]
    internal static partial void SlotsNotFollowed(this ILogger logger, Exception error, string run);

    [LoggerMessage(EventId = 1019, Level = LogLevel.Warning, Message = "Runs could not be looked for that should go on; they are looked for again")]
    internal static partial void NotRevived(this ILogger logger, Exception error);

    [LoggerMessage(EventId = 1021, Level = LogLevel.Information, Message = "Run '{Run}' moves after step {Step}: a silo that has a range of it is about to end")]
    internal static partial void RunMoved(this ILogger logger, string run, long step);

    [LoggerMessage(EventId = 1022, Level = LogLevel.Warning, Message = "Silo {Silo} ends before everyone has heard of it or all that it has is handed over; the others find out when it is gone")]
    internal static partial void NotLeft(this ILogger logger, Exception error, string silo);

    [LoggerMessage(EventId = 1023, Level = LogLevel.Information, Message = "The checkpoint of round {Round} of run '{Run}' version {Version} gave way under Storage:CheckpointQuota")]
    internal static partial void CheckpointEvicted(this ILogger logger, string run, int version, long round);

    [LoggerMessage(EventId = 1024, Level = LogLevel.Warning, Message = "{Sentence}")]
    internal static partial void CheckpointsOverQuota(this ILogger logger, string sentence);

    [LoggerMessage(EventId = 1025, Level = LogLevel.Warning, Message = "Run '{Run}': worker '{Worker}' lives and has not computed shard {Shard} of round {Round}, which takes far longer than shards did; it goes to another worker")]
    internal static partial void LeaseOverdue(this ILogger logger, string run, string worker, int shard, long round);

    [LoggerMessage(EventId = 1026, Level = LogLevel.Warning, Message = "Run '{Run}' is left at step {Step} and goes on from its last commit once it is asked again: {Reason}")]
    internal static partial void RunLeft(this ILogger logger, string run, long step, string reason);

    [LoggerMessage(EventId = 1027, Level = LogLevel.Warning, Message = "Run '{Run}' has no news of the slots that it may use, works on those it has, and asks again: {Reason}")]
    internal static partial void SlotsSilent(this ILogger logger, string run, string reason);

    [LoggerMessage(EventId = 1009, Level = LogLevel.Warning, Message = "Run '{Run}' could not let go of a worker or a range")]
    internal static partial void NotReleased(this ILogger logger, Exception error, string run);

    [LoggerMessage(EventId = 1020, Level = LogLevel.Warning, Message = "{Preset} can only be a Gaussian in one column, here '{Column}'; --model nsf learns its shape")]
    internal static partial void OnlyGaussian(this ILogger logger, string preset, string column);

    [LoggerMessage(EventId = 1031, Level = LogLevel.Warning, Message = "How run '{Run}' went cannot be read; its curves begin anew")]
    internal static partial void ChronicleNotRead(this ILogger logger, Exception error, string run);

    [LoggerMessage(EventId = 1030, Level = LogLevel.Error, Message = "Run '{Run}' is left out of every list: this version of the program cannot read what the journal says of it; upgrade this silo")]
    internal static partial void RunNotRead(this ILogger logger, Exception error, string run);

    [LoggerMessage(EventId = 1032, Level = LogLevel.Information, Message = "Run '{Run}': {Setting} was told that it is {Phase}")]
    internal static partial void NoticeTaken(this ILogger logger, string run, string setting, RunPhase phase);

    [LoggerMessage(EventId = 1033, Level = LogLevel.Warning, Message = "Run '{Run}': {Setting} could not be told that it is {Phase}")]
    internal static partial void NoticeNotTaken(this ILogger logger, Exception error, string run, string setting, RunPhase phase);

    [LoggerMessage(EventId = 1034, Level = LogLevel.Warning, Message = "Run '{Run}': nobody is told of its end, because {Waiting} later notices wait too")]
    internal static partial void NoticeLost(this ILogger logger, string run, int waiting);
}
