namespace FlowGrain.Data;

/// <summary>Writes the option that chooses columns, ready to be copied into a shell.</summary>
internal static class ColumnsOption
{
    private const int MostLetters = 600; // a longer line is not copied from an error

    /// <summary>"--columns a,b", quoted where a name needs it; null where the list would be too long to show.</summary>
    internal static string? Of(IEnumerable<string> names)
    {
        var list = string.Join(',', names);
        if (list.Length is 0 or > MostLetters) return null;
        return list.All(IsPlain) ? $"--columns {list}" : $"--columns '{list.Replace("'", "'\\''")}'";
    }

    /// <summary>"--as cut=category", for a column of text that was chosen by name.</summary>
    internal static string AsCategory(string column) => column.All(IsPlain) ? $"--as {column}=category" : $"--as '{column.Replace("'", "'\\''")}=category'";

    private static bool IsPlain(char letter) => char.IsLetterOrDigit(letter) || ",._-+:@%/".Contains(letter);
}
