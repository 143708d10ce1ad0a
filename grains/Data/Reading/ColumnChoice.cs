using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>The columns of a file that a data set keeps: those to model first, then the context.</summary>
/// <param name="Indexes">Positions in the file.</param>
/// <param name="Dimension">How many of them are modelled.</param>
/// <param name="ByName">Whether the user named the columns to model.</param>
/// <param name="Kinds">What their user says of them.</param>
/// <param name="Levels">For every column of the file where its levels are gathered; null unless it is a category.</param>
/// <param name="Weight">The position in the file of the column that weighs the rows, which is none of the data set; null where each counts once.</param>
/// <param name="Group">The position in the file of the column by which rows are grouped, which need not be one of the data set; null where equal rows are.</param>
internal sealed record ColumnChoice(ImmutableArray<int> Indexes, int Dimension, bool ByName, DeclaredKinds Kinds, ImmutableArray<LevelCodes?> Levels, int? Weight, int? Group)
{
    private const int MaxColumns = 4_096; // the covariance of more would not fit beside the data

    /// <summary>Finds the columns of a selection in a file.</summary>
    /// <exception cref="BadInputException">A column is absent, asked for twice, or none is left to model.</exception>
    internal static ColumnChoice Of(TableReader reader, DataSelection selection)
    {
        DuplicateNames.Refuse(reader);
        var context = Find(reader, Named(selection.Context));
        var (group, weight) = (Find(reader, selection.GroupBy), Find(reader, selection.Weights));
        var columns = selection.Columns.IsDefaultOrEmpty
            ? [.. Enumerable.Range(0, reader.Columns.Length).Except(context).Where(column => column != group && column != weight)]
            : Find(reader, selection.Columns);
        var kinds = DeclaredKinds.Of(selection);
        var choice = new ColumnChoice(
            [.. columns, .. context], columns.Length, !selection.Columns.IsDefaultOrEmpty, kinds,
            [.. reader.Columns.Select(name => kinds[name] is { IsCategory: true } ? LevelCodes.Growing(reader.FileName, name) : null)], weight, group);
        choice.Require(reader);
        kinds.Require(reader.FileName, [.. columns.Select(column => reader.Columns[column])], [.. context.Select(column => reader.Columns[column])]);
        return choice;
    }

    /// <summary>Has a reader read the chosen columns, after them the group where it is none of them, and last the weight.</summary>
    internal void Select(TableReader reader)
    {
        var beside = Group is { } group && !Indexes.Contains(group) ? group : (int?)null;
        reader.Select([.. Indexes, .. Places(beside), .. Places(Weight)], ByName);
        ImmutableArray<LevelCodes?> levels = [.. Levels.Select((gathered, column) => column == beside ? LevelCodes.Hashes() : gathered)];
        if (levels.Any(gathered => gathered is not null)) reader.TakeLevels(levels);
    }

    /// <summary>Returns when every category, its rows read, has levels to tell apart.</summary>
    /// <exception cref="BadInputException">One has not.</exception>
    internal void RequireLevels(TableReader reader)
    {
        foreach (var index in Indexes)
        {
            if (Levels[index]?.Names is [var only])
                throw new BadInputException($"'{reader.FileName}': column '{reader.Columns[index]}' is always {NameList.Quoted(only)}; leave it out of --columns and --context.");
        }
    }

    /// <summary>The step of which the values of a column are declared to be multiples; null without.</summary>
    internal double? Step(string column) => Kinds[column] is { Word: "lattice" } lattice ? lattice.Numbers[0] : null;

    /// <summary>Whether a column is declared to have a density, so that equal values are no matter of course even where all are whole.</summary>
    internal bool IsDense(string column) => Kinds[column] is { Word: not ("whole" or "lattice" or "category") };

    /// <summary>The sentence for more columns than can be used together; null where they can.</summary>
    internal static string? TooMany(TableReader reader, int columns) => columns <= MaxColumns ? null :
        $"'{reader.FileName}' gives {columns} columns and at most {MaxColumns} can be used; choose fewer with --columns.";

    private static ImmutableArray<string> Named(ImmutableArray<string> names) => names.IsDefault ? [] : names;

    private static IEnumerable<int> Places(int? column) => column is { } place ? [place] : [];

    private static int? Find(TableReader reader, string? name) => name is null ? null : Find(reader, [name])[0];

    private static ImmutableArray<int> Find(TableReader reader, ImmutableArray<string> names) =>
        [.. names.Select(name => reader.Columns.IndexOf(name) is >= 0 and var index ? index : throw Absent(reader, name))];

    private void Require(TableReader reader)
    {
        if (Dimension == 0) throw new BadInputException($"'{reader.FileName}' has no column left to model: every one is context; take one out of --context.");
        if (TooMany(reader, Indexes.Length) is { } fault) throw new BadInputException(fault);
        if (Weight is { } weight && (Indexes.Contains(weight) || Group == weight))
            throw new BadInputException($"'{reader.FileName}': column '{reader.Columns[weight]}' weighs the rows by --weights, and nothing can be learned of it; leave it out of --columns, --context and --group-by.");
        if (Indexes.GroupBy(index => index).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new BadInputException($"'{reader.FileName}': column '{reader.Columns[twice.Key]}' is asked for twice in --columns and --context; name it once.");
    }

    private static BadInputException Absent(TableReader reader, string name) => new(
        $"'{reader.FileName}' has no column '{name}'; it has {NameList.Of(reader.Columns)}{Nearest.Hint(name, reader.Columns, "; choose among them.")}");
}
