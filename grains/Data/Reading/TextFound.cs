namespace FlowGrain.Data;

/// <summary>Says what the text in a selected column means: a text column, or a stray cell among numbers.</summary>
internal static class TextFound
{
    /// <summary>Reads the file once more and gives the sentence.</summary>
    internal static BadInputException Explain(CsvReader reader)
    {
        var profiles = ColumnProfile.All(reader);
        return new(Faults(reader, profiles, [.. reader.Selected.Select(column => profiles[column])]).First());
    }

    /// <summary>The sentences for a file that holds text, from the profiles of all its columns.</summary>
    internal static IEnumerable<string> Faults(CsvReader reader, ColumnProfile[] profiles) => Faults(reader, profiles, profiles);

    private static IEnumerable<string> Faults(CsvReader reader, ColumnProfile[] profiles, ColumnProfile[] selected)
    {
        if (Array.Find(selected, profile => profile.HasDecimalComma) is { } comma) yield return DecimalComma(reader, comma);
        selected = [.. selected.Where(profile => !profile.HasDecimalComma)];
        var text = selected.Where(profile => profile.IsText).ToList();
        var numeric = profiles.Where(profile => profile.IsNumeric).Select(profile => profile.Name).ToList();
        if (text.Count > 0) yield return reader.SelectedByName ? Chosen(reader, text, numeric) : Default(reader, selected, numeric);

        var stray = selected.Where(profile => profile is { Texts: > 0, IsText: false }).MinBy(profile => profile.TextRow);
        if (stray is not null) yield return Stray(reader, stray);
    }

    private static string DecimalComma(CsvReader reader, ColumnProfile column) =>
        $"'{reader.FileName}' has decimal commas: {reader.Where(column.TextRow)}, column '{column.Name}' is '{column.Text}'; numbers have a decimal point here: replace those commas, or export the table with points.";

    private static string Stray(CsvReader reader, ColumnProfile column)
    {
        var more = column.Texts > 1 ? $", one of {column.Texts} such cells in that column" : "";
        return $"'{reader.FileName}' has text in a number column: {reader.Where(column.TextRow)}, column '{column.Name}' is '{column.Text}'{more}; " +
               (reader.IsForModel ? "mend it, or leave it empty and use --missing drop." : "mend it, leave it empty and use --missing drop, or choose other columns with --columns.");
    }

    private static string Chosen(CsvReader reader, List<ColumnProfile> text, List<string> numeric) =>
        $"'{reader.FileName}' cannot be read as numbers in {Describe(reader, text)}, which is text; {(reader.IsForModel ? "the model expects numbers there: mend it, or name another file" : $"{Advice("choose numeric columns", numeric)}, or take it as one of a few kinds with {ColumnsOption.AsCategory(text[0].Name)}")}.";

    private static string Default(CsvReader reader, IEnumerable<ColumnProfile> all, List<string> numeric) =>
        $"'{reader.FileName}' has text columns: {Describe(reader, [.. all.Where(profile => profile is { Text: not null, IsNumeric: false })])}; {Advice("use the numeric ones", numeric)}.";

    private static string Describe(CsvReader reader, List<ColumnProfile> columns) =>
        NameList.Of(columns, column => $"{NameList.Quoted(column.Name)} ({(column.Texts == 0 ? "codes such as " : "")}'{column.Text}' in {reader.Where(column.TextRow)})");

    private static string Advice(string what, List<string> numeric) =>
        numeric.Count == 0 ? "no column of it is numeric: write numbers into it, or name another file" : $"{what} with {ColumnsOption.Of(numeric) ?? $"--columns ({numeric.Count} are numeric)"}";
}
