using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>What a user says of the columns of a selection; what is not said is decided by the data.</summary>
internal sealed class DeclaredKinds
{
    private readonly ImmutableSortedDictionary<string, DeclaredKind> _kinds;

    private DeclaredKinds(ImmutableSortedDictionary<string, DeclaredKind> kinds) => _kinds = kinds;

    /// <summary>Reads the declarations of a selection.</summary>
    /// <exception cref="BadInputException">One cannot be read.</exception>
    internal static DeclaredKinds Of(DataSelection selection) =>
        new(selection.Kinds.ToImmutableSortedDictionary(pair => pair.Key, pair => DeclaredKind.Parse(pair.Key, pair.Value)));

    /// <summary>The kind of a column; null where nothing is said of it.</summary>
    internal DeclaredKind? this[string column] => _kinds.GetValueOrDefault(column);

    /// <summary>Returns when everything is said of a column that can be so.</summary>
    /// <param name="file">The file as sentences name it.</param>
    /// <param name="columns">The columns to model.</param>
    /// <param name="context">The columns to condition on.</param>
    /// <exception cref="BadInputException">A column is not there, or cannot be so where it stands.</exception>
    internal void Require(string file, IReadOnlyList<string> columns, IReadOnlyList<string> context)
    {
        foreach (var (column, kind) in _kinds)
        {
            if (!columns.Contains(column) && !context.Contains(column)) throw Absent(file, column, [.. columns, .. context]);
            if (context.Contains(column) && !kind.IsOfContext)
                throw new BadInputException($"--as {column}={kind.Word}: '{column}' is context, which is only conditioned on; say number, category or angle:PERIOD, or nothing.");
        }

        if (columns.All(column => this[column] is { IsCategory: true }))
            throw new BadInputException($"'{file}' has no number left to model: every column is a category; add a number to --columns, or put categories into --context.");
    }

    private static BadInputException Absent(string file, string column, IReadOnlyList<string> used) => new(
        $"--as {column}: '{file}' has no such column among those that are used; they are {NameList.Of(used)}{Nearest.Hint(column, used, "; choose among them.")}");
}
