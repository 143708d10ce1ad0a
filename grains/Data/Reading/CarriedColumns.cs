using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>Finds the columns of a file that go through to the output as they are.</summary>
internal static class CarriedColumns
{
    /// <summary>Chooses them by name, in the order given.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="names">Their names.</param>
    /// <param name="taken">The columns that the output has of its own.</param>
    /// <exception cref="BadInputException">A column is absent, is named twice, or has the name of one of the output's.</exception>
    internal static void Select(TableReader reader, ImmutableArray<string> names, IEnumerable<string> taken)
    {
        if (names.FirstOrDefault(name => !reader.Columns.Contains(name)) is { } absent)
            throw new BadInputException($"'{reader.FileName}' has no column '{absent}' to carry through; it has {NameList.Of(reader.Columns)}{Nearest.Hint(absent, reader.Columns, "; choose among them.")}");
        if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new BadInputException($"Column '{twice.Key}' is to be carried through twice; name it once.");
        if (names.FirstOrDefault(taken.Contains) is { } own)
            throw new BadInputException($"'{reader.FileName}': column '{own}' cannot be carried through, because the scores have one of that name; rename it in the file.");
        reader.Carry([.. names.Select(name => reader.Columns.IndexOf(name))]);
    }

    /// <summary>Room for the cells of the next rows.</summary>
    internal static ImmutableArray<TextCells> Room(int columns) => [.. Enumerable.Range(0, columns).Select(_ => new TextCells())];
}
