using System.Collections.Immutable;
using System.CommandLine;
using FlowGrain.Data;

namespace FlowGrain.Cli.Options;

/// <summary>The options that select rows and columns of a table and say what they are.</summary>
/// <param name="missing">What is to be said of <c>--missing</c>.</param>
internal sealed class SelectedData(string missing)
{
    private readonly Option<ImmutableArray<string>> _columns = Columns.Option("--columns", "Columns to learn. [default: every column that is not context]");
    private readonly Option<ImmutableArray<string>> _context = Columns.Option("--context", "Columns to condition on. [default: none]");
    private readonly Option<ImmutableSortedDictionary<string, string>> _as = Assignments.Option("--as", "COLUMN=KIND", "What a column is, where its values alone do not say it: number, whole, lattice:STEP, category, angle:PERIOD, bounded:LOW:HIGH or robust; repeatable.");
    private readonly Option<string?> _where = new("--where") { Description = "Rows to take, as a condition in SQL over the columns of a .parquet or .sql. [default: every row]", HelpName = "SQL" };

    /// <summary>Which columns and rows.</summary>
    internal IEnumerable<Option> Choosing => [_columns, _context, _as, _where];

    /// <summary>What to do with gaps.</summary>
    internal Option<MissingRows> Missing { get; } = Options.Missing.ForTraining(missing);

    /// <summary>What a command says of it all.</summary>
    internal DataSelection Of(ParseResult parsed, string path) => new(path, parsed.GetValue(_columns), parsed.GetValue(_context), parsed.GetValue(Missing))
    {
        Where = parsed.GetValue(_where), Kinds = parsed.GetRequiredValue(_as),
    };

    /// <summary>The rule that a column is either learned or conditioned on.</summary>
    internal IEnumerable<string> EitherColumnOrContext(ParseResult parsed) => Words(parsed, _columns)
        .Intersect(Words(parsed, _context))
        .Select(both => $"--columns and --context both name {both}; a column is either learned or conditioned on.");

    private static IEnumerable<string> Words(ParseResult parsed, Option option) =>
        parsed.GetResult(option)?.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) ?? [];
}
