namespace FlowGrain.Data;

/// <summary>Columns that share a name: nothing could say which one is meant.</summary>
internal static class DuplicateNames
{
    /// <summary>Throws when a name of the file is used twice.</summary>
    internal static void Refuse(TableReader reader)
    {
        if (Fault(reader) is { } fault) throw new BadInputException(fault);
    }

    /// <summary>The sentence for a name that is used twice; null where there is none.</summary>
    internal static string? Fault(TableReader reader)
    {
        var twice = reader.Columns.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1);
        return twice is null ? null : $"'{reader.FileName}' has duplicate column names: '{twice.Key}' appears {twice.Count()} times; rename them.";
    }
}
