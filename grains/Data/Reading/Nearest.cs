namespace FlowGrain.Data;

/// <summary>Finds the name that a mistyped one was probably meant to be.</summary>
internal static class Nearest
{
    /// <summary>The candidate with the fewest edits (letters' case is free), or null where none is close.</summary>
    internal static string? To(string name, IEnumerable<string> candidates)
    {
        var allowed = Math.Max(1, name.Length / 2);
        return candidates
            .Select(candidate => (candidate, edits: Edits(name, candidate), longest: Math.Max(name.Length, candidate.Length)))
            .Where(found => found.edits <= allowed && found.edits < found.longest)
            .OrderBy(found => found.edits)
            .Select(found => found.candidate)
            .FirstOrDefault();
    }

    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        foreach (var letter in a)
            NextRow(row, letter, b);
        return row[^1];
    }

    private static void NextRow(int[] row, char letter, string b)
    {
        var diagonal = row[0]++;
        for (var j = 1; j <= b.Length; j++)
        {
            var replaced = diagonal + (char.ToLowerInvariant(letter) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
            diagonal = row[j];
            row[j] = Math.Min(replaced, Math.Min(row[j - 1], diagonal) + 1);
        }
    }
}
