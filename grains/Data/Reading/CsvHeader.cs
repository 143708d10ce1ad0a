using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>The names in the first line of a csv.</summary>
internal static class CsvHeader
{
    /// <summary>The names, trimmed; a column without one is named by its position.</summary>
    internal static ImmutableArray<string> Names(string file, CsvRecords header)
    {
        var names = ImmutableArray.CreateBuilder<string>(header.Count);
        for (var column = 0; column < header.Count; column++)
        {
            var name = header[column].Trim();
            names.Add(name.IsEmpty ? $"x{column}" : name.ToString());
        }

        RequireDistinct(file, names);
        return names.MoveToImmutable();
    }

    private static void RequireDistinct(string file, IEnumerable<string> names)
    {
        var twice = names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1);
        if (twice is not null)
            throw new BadInputException($"'{file}' has duplicate column names: '{twice.Key}' appears {twice.Count()} times in the header; rename them.");
    }
}
