namespace FlowGrain.Data;

/// <summary>Says what the text in a selected column means: a text column, or a stray cell among numbers.</summary>
internal static class TextFound
{
    /// <summary>Reads the file once more and gives the sentence.</summary>
    internal static BadInputException Explain(CsvReader reader)
    {
        var profiles = ColumnProfile.All(reader);
        var selected = reader.Selected.Select(column => profiles[column]).ToList();
        var text = selected.Where(profile => profile.IsText).ToList();
        if (text.Count == 0) return Stray(reader, selected);

        var numeric = profiles.Where(profile => profile.IsNumeric).Select(profile => profile.Name).ToList();
        return reader.SelectedByName ? Chosen(reader, text, numeric) : Default(reader, profiles, numeric);
    }

    private static BadInputException Stray(CsvReader reader, IEnumerable<ColumnProfile> selected)
    {
        var column = selected.Where(profile => profile.Texts > 0).MinBy(profile => profile.TextRow)!;
        var more = column.Texts > 1 ? $", one of {column.Texts} such cells in that column" : "";
        return new($"'{reader.FileName}' has text in a number column: {column.Place}, column '{column.Name}' is '{column.Text}'{more}; " +
                   "mend it, leave it empty and use --missing drop, or choose other columns with --columns.");
    }

    private static BadInputException Chosen(CsvReader reader, List<ColumnProfile> text, List<string> numeric) => new(
        $"'{reader.FileName}' cannot be read as numbers in {Describe(text)}, which is text; {Advice("choose numeric columns", numeric)}.");

    private static BadInputException Default(CsvReader reader, IEnumerable<ColumnProfile> all, List<string> numeric) => new(
        $"'{reader.FileName}' has text columns: {Describe([.. all.Where(profile => !profile.IsNumeric)])}; {Advice("use the numeric ones", numeric)}.");

    private static string Describe(List<ColumnProfile> columns) =>
        NameList.Of([.. columns.Select(column => $"'{column.Name}'" + (column.Text is null ? "" : $" ('{column.Text}' in {column.Place})"))]);

    private static string Advice(string what, List<string> numeric) =>
        numeric.Count == 0 ? "no column of it is numeric" : $"{what} with {ColumnsOption.Of(numeric) ?? $"--columns ({numeric.Count} are numeric)"}";
}
