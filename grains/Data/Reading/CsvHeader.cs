using System.Collections.Immutable;

namespace FlowGrain.Data;

/// <summary>The names in the first line of a csv.</summary>
internal static class CsvHeader
{
    /// <summary>The names, trimmed; a column without one is named by its position.</summary>
    internal static ImmutableArray<string> Names(CsvRecords header)
    {
        var names = ImmutableArray.CreateBuilder<string>(header.Count);
        for (var column = 0; column < header.Count; column++)
        {
            var name = header[column].Trim();
            names.Add(name.IsEmpty ? $"x{column}" : name.ToString());
        }

        return names.MoveToImmutable();
    }
}
