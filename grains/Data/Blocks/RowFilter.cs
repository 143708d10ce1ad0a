using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Refuses or leaves out rows with a missing or non-finite value, or with none at all where values may be missing.</summary>
/// <param name="reader">Gives the rows.</param>
/// <param name="missing">What to do with such a row.</param>
/// <param name="mayMiss">Whether a selected column may lack its value, by its place; without it none may.</param>
/// <param name="modelled">How many of the selected columns are modelled, which come first: a row has to have the value of one of them.</param>
/// <param name="weight">The place of the column that weighs the rows; null without.</param>
internal sealed class RowFilter(TableReader reader, MissingRows missing, Func<int, bool>? mayMiss = null, int modelled = 0, int? weight = null)
{
    private const int MostListed = 1_000;

    private readonly bool[] _mayMiss = [.. Enumerable.Range(0, reader.Width).Select(column => mayMiss?.Invoke(column) == true)];
    private readonly long[] _missing = new long[reader.Width];
    private readonly ImmutableArray<LeftOutRow>.Builder _leftOut = ImmutableArray.CreateBuilder<LeftOutRow>();
    private (long Row, int Column, double Value) _first; // of the values for which rows were left out

    /// <summary>Rows so far in which a column has no finite value.</summary>
    internal long Missing(int column) => _missing[column];

    /// <summary>Rows of weight 0 so far: they are as if they were not there.</summary>
    internal long Weightless { get; private set; }

    /// <summary>Rows left out so far for what they lack.</summary>
    internal long Dropped { get; private set; }

    /// <summary>The first thousand of them.</summary>
    internal ImmutableArray<LeftOutRow> LeftOut => _leftOut.ToImmutable();

    /// <summary>Where the first such value is and what to do, as a sentence; null where every row was complete.</summary>
    internal string? Fault => Dropped == 0 ? null : Sentence();

    /// <summary>Moves the complete rows to the front and returns how many there are.</summary>
    /// <param name="rows">Rows that the reader gave, row-major.</param>
    /// <param name="first">Number of the first of them, from 1.</param>
    internal int Keep(Span<double> rows, long first)
    {
        var width = reader.Width;
        var (count, kept) = (rows.Length / width, 0);
        for (var row = 0; row < count; row++)
        {
            var values = rows.Slice(row * width, width);
            if (weight is { } place && !Weighs(values[place], first + row)) continue;
            if (IsUsable(values)) values.CopyTo(rows.Slice(kept++ * width, width));
            else Drop(values, first + row);
            if (mayMiss is not null) CountMissing(values);
        }

        return kept;
    }

    /// <summary>Whether a row of this weight counts; one that is none at all is looked at with the other columns.</summary>
    private bool Weighs(double value, long row)
    {
        if (value < 0 && double.IsFinite(value))
            throw new BadInputException($"'{reader.FileName}': {reader.Where(row)}, column '{Name(weight!.Value)}' is {value:R}, and a row cannot weigh less than 0; mend it, or leave --weights out.");
        if (value == 0) Weightless++;
        return value != 0;
    }

    private bool IsUsable(ReadOnlySpan<double> values)
    {
        for (var column = 0; column < values.Length; column++)
            if (!IsAllowed(column, values[column])) return false;
        return !IsEmpty(values);
    }

    private bool IsAllowed(int column, double value) => double.IsFinite(value) || (_mayMiss[column] && double.IsNaN(value));

    private void CountMissing(ReadOnlySpan<double> values)
    {
        for (var column = 0; column < values.Length; column++)
            if (!double.IsFinite(values[column])) _missing[column]++;
    }

    private void Drop(ReadOnlySpan<double> values, long row)
    {
        var isRefused = missing != MissingRows.Drop && !IsEmpty(values);
        var column = FirstFault(values);
        if (Dropped++ == 0 || isRefused) _first = (row, column, values[column]);
        if (_leftOut.Count < MostListed) _leftOut.Add(Listed(row, column, values[column]));
        if (mayMiss is null) CountMissing(values);
        if (isRefused) throw new BadInputException(Sentence());
    }

    private LeftOutRow Listed(long row, int column, double value)
    {
        var (file, there) = reader.Place(row);
        return new(there, Name(column), double.IsNaN(value) ? "missing" : Infinity(value)) { File = file };
    }

    private bool IsEmpty(ReadOnlySpan<double> values)
    {
        for (var column = 0; column < modelled; column++)
            if (!_mayMiss[column] || !double.IsNaN(values[column])) return false;
        return modelled > 0;
    }

    /// <summary>The first column that is why the row is left out; of one without any value the first.</summary>
    private int FirstFault(ReadOnlySpan<double> values)
    {
        if (IsEmpty(values)) return 0;
        var column = 0;
        while (column < values.Length - 1 && IsAllowed(column, values[column])) column++;
        return column;
    }

    private string Name(int column) => reader.Columns[reader.Selected[column]];

    private static string Infinity(double value) => value > 0 ? "inf" : "-inf";

    private string Sentence()
    {
        var what = reader.UnknownLevel(_first.Column) ?? (double.IsNaN(_first.Value) ? "is missing (empty or NaN)" : $"is not finite ({Infinity(_first.Value)})");
        var name = Name(_first.Column);
        var more = Dropped > 1 ? $", the first of {Dropped} incomplete rows" : "";
        return $"'{reader.FileName}': {reader.Where(_first.Row)}, column '{name}' {what}{more}; {(missing == MissingRows.Mask ? "only learned numbers may be left open: " : "")}mend it, or leave such rows out with --missing drop.";
    }
}
