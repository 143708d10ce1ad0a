using System.Collections.Immutable;
using FlowGrain.Flows.Tables;

namespace FlowGrain.Data;

/// <summary>Finds the columns of a trained model in a file to be scored.</summary>
internal static class ModelColumns
{
    /// <summary>Selects the named columns, in the given order; a file without names is taken by position.</summary>
    /// <returns>A sentence where the file alone cannot tell whether the columns are the right ones; else null.</returns>
    /// <exception cref="BadInputException">A column is absent, or the file has another width.</exception>
    internal static string? Select(TableReader reader, TableSpec table)
    {
        var names = table.Names;
        DuplicateNames.Refuse(reader);
        var byName = reader.HasNames || IsPartOfUnnamedFile(reader, names);
        var indexes = byName ? [.. names.Select(name => reader.Columns.IndexOf(name))] : Positions(reader, names);
        if (indexes.Contains(-1)) throw Absent(reader, names);
        reader.SelectForModel(indexes);
        if (Levels(reader, table) is { IsEmpty: false } levels) reader.TakeLevels(levels);
        return byName || names.SequenceEqual(reader.Columns) ? null : Guessed(reader, names);
    }

    /// <summary>For every column of the file the levels that the model knows; empty where no column is a category.</summary>
    private static ImmutableArray<LevelCodes?> Levels(TableReader reader, TableSpec table)
    {
        var columns = table.Columns.Concat(table.Context).ToList();
        if (!columns.Any(column => column is CategoryColumn)) return [];
        var levels = new LevelCodes?[reader.Columns.Length];
        for (var i = 0; i < columns.Count; i++)
            if (columns[i] is CategoryColumn category) levels[reader.Selected[i]] = LevelCodes.Of(category.Levels);
        return [.. levels];
    }

    private static string Guessed(TableReader reader, ImmutableArray<string> names) =>
        $"'{reader.FileName}' has no names of columns, so they were taken in the order of the model, {NameList.Of(names)}; make sure that it is theirs.";

    // x0,x2 were chosen from a wider file without names. But x0,x1 may have been the whole file: then the width must be equal.
    private static bool IsPartOfUnnamedFile(TableReader reader, ImmutableArray<string> names) =>
        !names.SequenceEqual(reader.Columns.Take(names.Length)) && names.All(name => reader.Columns.Contains(name));

    private static ImmutableArray<int> Positions(TableReader reader, ImmutableArray<string> names) =>
        reader.Columns.Length == names.Length ? [.. Enumerable.Range(0, names.Length)] : throw new BadInputException(
            $"'{reader.FileName}' has {Count(reader.Columns.Length)} without names, and the model expects {names.Length}, {NameList.Of(names)}; give it these, in this order, or save it with their names.");

    private static string Count(int columns) => columns == 1 ? "1 column" : $"{columns} columns";

    private static BadInputException Absent(TableReader reader, ImmutableArray<string> names)
    {
        var absent = names.Where(name => !reader.Columns.Contains(name)).ToList();
        const string Otherwise = "; add or rename what is lacking.";
        return new($"'{reader.FileName}' lacks {NameList.Quoted(absent)}: the model expects {NameList.Of(names)} and the file has {NameList.Of(reader.Columns)}" +
                   (absent.Count == 1 ? Nearest.Hint(absent[0], reader.Columns.Except(names), Otherwise) : Otherwise));
    }
}
