using FlowGrain.Storage;
using Microsoft.Data.Sqlite;

namespace FlowGrain.Training;

/// <summary>What a fault of the journal's file means for its owner.</summary>
internal static class JournalFault
{
    private const int Full = 13, Corrupt = 11, NotADatabase = 26; // SQLITE_FULL, SQLITE_CORRUPT, SQLITE_NOTADB
    private static readonly int[] Closed = [3, 8, 14, 23]; // SQLITE_PERM, _READONLY, _CANTOPEN, _AUTH

    /// <summary>The sentence as an exception; null where the fault is not the file's.</summary>
    internal static Exception? Sentence(string path, Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: Full } => new DiskFullException(Path.GetDirectoryName(path)!),
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } => new BadInputException(
            $"The journal '{path}' is damaged; move it away to begin a new one: the models stay, the runs and their checkpoints are forgotten."),
        SqliteException sqlite when Closed.Contains(sqlite.SqliteErrorCode) => Unusable(path, Words(sqlite)),
        IOException when DiskSpace.IsFull(error) => new DiskFullException(Path.GetDirectoryName(path)!),
        IOException or UnauthorizedAccessException => Unusable(path, error.Message.TrimEnd('.')),
        _ => null,
    };

    private static BadInputException Unusable(string path, string why) =>
        new($"The journal '{path}' cannot be used ({why}); mend that, or choose another folder with --home.");

    // It says "SQLite Error 14: 'unable to open database file'."
    private static string Words(SqliteException error) => error.Message.Split('\'') is [_, var words, _] ? words : error.Message;
}
