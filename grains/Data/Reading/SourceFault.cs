using DuckDB.NET.Data;
using System.Text;
using System.Text.RegularExpressions;
using ICSharpCode.SharpZipLib;
using Sylvan.Data.Csv;

namespace FlowGrain.Data;

/// <summary>What a fault below a reader means for the user's file.</summary>
internal static partial class SourceFault
{
    /// <summary>Whether the exception says something about the file rather than about this program.</summary>
    internal static bool Explains(Exception error) =>
        error is SharpZipBaseException or InvalidDataException or IOException or UnauthorizedAccessException
            or DecoderFallbackException or CsvFormatException or DuckDBException or QueryException;

    /// <summary>The sentence for it.</summary>
    internal static BadInputException Sentence(string file, Exception error) => new(error switch
    {
        UnauthorizedAccessException => $"'{file}' may not be read by this user; change its permissions.",
        DuckDBException or QueryException when TableFormat.IsQuery(file) => IsOf(error, "Permission")
            ? $"The query in '{file}' reads outside of its folder ({Clause(error)}); put the files that it needs beside it."
            : $"The query in '{file}' cannot be answered ({Clause(error)}); mend it.",
        DuckDBException or QueryException when IsOf(error, "Not implemented") => $"'{file}' is a parquet file of a kind that cannot be read ({Clause(error)}); save it again with another packing and without encryption.",
        DuckDBException or QueryException => $"'{file}' is not a whole parquet file: it is damaged or truncated, or only named like one; copy it again.",
        DecoderFallbackException => $"'{file}' is not a csv: it holds binary data or text that is not UTF-8; save it as UTF-8.",
        CsvRecordTooLargeException csv => $"'{file}' is not a well-formed csv: record {csv.RowNumber} does not end; close the quote that was opened there.",
        CsvFormatException csv => $"'{file}' is not a well-formed csv at record {csv.RowNumber}: {Clause(csv)}; mend the quotes there.",
        SharpZipBaseException => $"'{file}' is not a whole gzip file: it is damaged or truncated, or only named like one; rename it, or copy it again.",
        InvalidDataException => $"'{file}' is damaged ({Clause(error)}); copy it again.",
        EndOfStreamException => $"'{file}' is truncated: it ends in the middle of its data; copy it again.",
        _ => $"'{file}' cannot be read ({Clause(error)}); check the disk that holds it, or copy it to another.",
    });

    /// <summary>What an exception says, as a part of a sentence.</summary>
    internal static string Clause(Exception error)
    {
        var text = KindOfError().Replace(error.Message.ReplaceLineEndings("\n").Split('\n')[0].TrimEnd('.', '!', ' '), ""); // further lines quote the query
        return text.Length == 0 ? error.GetType().Name : char.ToLowerInvariant(text[0]) + text[1..];
    }

    private static bool IsOf(Exception error, string kind) => error.Message.StartsWith($"{kind} Error: ", StringComparison.OrdinalIgnoreCase);

    // How DuckDB begins.
    [GeneratedRegex("^[A-Za-z ]+ Error: ")]
    private static partial Regex KindOfError();
}
