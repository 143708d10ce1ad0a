using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>A table whose columns have types: they say before the first row what can be read as numbers.</summary>
internal abstract class TypedReader(string path, IReadPosition position) : TableReader(path, position)
{
    private ImmutableArray<ColumnProfile> _profiles = [];
    private bool _begun;

    /// <summary>What every column of the table is.</summary>
    internal ImmutableArray<ColumnKind> Kinds { get; private set; } = [];

    /// <summary>Whether columns that are no numbers are taken: they read as NaN, and the profile of their column counts them.</summary>
    private protected bool TakesText => !_profiles.IsEmpty;

    /// <inheritdoc/>
    public override void TakeText(ImmutableArray<ColumnProfile> profiles) => _profiles = profiles;

    /// <inheritdoc/>
    public override IEnumerable<string> TextFaults(ImmutableArray<ColumnProfile> profiles) => Others(Enumerable.Range(0, Columns.Length)) is [_, ..] others ? [Default(others)] : [];

    /// <inheritdoc/>
    public override bool? IsDate(int column) => Kinds[column] == ColumnKind.Date;

    /// <summary>Takes the columns of the table.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    private protected void Has(ImmutableArray<string> names, ImmutableArray<ColumnKind> kinds)
    {
        if (names.IsEmpty) throw new BadInputException($"'{FileName}' has no columns; name another file.");
        (Columns, Kinds, HasNames) = (names, kinds, true);
    }

    /// <summary>Whether a column reads as numbers.</summary>
    internal bool IsNumeric(int column) => Kinds[column] is ColumnKind.Number or ColumnKind.Date;

    private protected sealed override bool ReadsText => true;

    private protected sealed override int ReadRows(Span<double> rows, int count)
    {
        if (!_begun && !TakesText && Others(Selected.Where(column => !IsCategory(column))) is [_, ..] others) throw new BadInputException(SelectedByName ? Chosen(others) : Default(others));
        if (!_begun) Begin();
        _begun = true;
        return ReadTyped(rows, count);
    }

    /// <summary>Called once, before the first row.</summary>
    private protected abstract void Begin();

    /// <summary>Reads up to <paramref name="count"/> rows of the selected columns.</summary>
    private protected abstract int ReadTyped(Span<double> rows, int count);

    /// <summary>Notes a value that is no number; it reads as NaN.</summary>
    /// <param name="column">Its column in the table.</param>
    /// <param name="hash">64 bits that stand for it.</param>
    private protected double NotNumber(int column, ulong hash)
    {
        _profiles[column].AddText(hash);
        return double.NaN;
    }

    private bool IsCategory(int column) => !Levels.IsEmpty && Levels[column] is not null && Kinds[column] != ColumnKind.Nested;

    private List<int> Others(IEnumerable<int> columns) => [.. columns.Where(column => !IsNumeric(column))];

    private string Default(List<int> others) =>
        $"'{FileName}' has columns that are no numbers: {Describe(others)}; {Advice("use the numeric ones")}.";

    private string Chosen(List<int> others) =>
        $"'{FileName}' cannot be read as numbers in {Describe(others)}; {(IsForModel ? "the model expects numbers there: mend it, or name another file" : Advice("choose numeric columns") + Category(others[0]))}.";

    private string Category(int column) => Kinds[column] == ColumnKind.Text ? $", or take it as one of a few kinds with {ColumnsOption.AsCategory(Columns[column])}" : "";

    private string Describe(List<int> columns) => NameList.Of(columns, column => $"{NameList.Quoted(Columns[column])} ({(Kinds[column] == ColumnKind.Text ? "text" : "lists or bytes")})");

    private string Advice(string what)
    {
        var numeric = Enumerable.Range(0, Columns.Length).Where(IsNumeric).Select(column => Columns[column]).ToList();
        return numeric.Count == 0 ? "no column of it is numeric: name another file" : $"{what} with {ColumnsOption.Of(numeric) ?? $"--columns ({numeric.Count} are numeric)"}";
    }
}
