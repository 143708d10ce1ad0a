namespace FlowGrain;

/// <summary>Finds the name that a mistyped one was meant to be.</summary>
public static class Nearest
{
    /// <summary>The closest candidate, or null when none is close.</summary>
    public static string? To(string typed, IEnumerable<string> candidates) => candidates
        .Select(name => (Name: name, Edits: Edits(typed.ToLowerInvariant(), name.ToLowerInvariant())))
        .Where(candidate => candidate.Edits <= MostEdits(typed.TrimStart('-').Length))
        .OrderBy(candidate => candidate.Edits).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary><c>; did you mean X?</c>, or the given end of the sentence.</summary>
    public static string Hint(string typed, IEnumerable<string> candidates, string otherwise) =>
        To(typed, candidates) is { } name ? $"; did you mean {name}?" : otherwise;

    // Further apart, a suggestion is a guess; and half of a short name has to be right.
    private static int MostEdits(int length) => Math.Min(Math.Max(2, length / 3), length / 2);

    // Insertions, deletions, replacements and swaps of neighbours: [i, j] are those between the beginnings of these lengths.
    private static int Edits(string a, string b)
    {
        var edits = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++) edits[i, j] = Math.Min(i, j) == 0 ? Math.Max(i, j) : Fewest(a, b, i, j, edits);
        return edits[a.Length, b.Length];
    }

    private static int Fewest(string a, string b, int i, int j, int[,] edits)
    {
        var replaced = edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var fewest = Math.Min(replaced, 1 + Math.Min(edits[i - 1, j], edits[i, j - 1]));
        var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return isSwap ? Math.Min(fewest, edits[i - 2, j - 2] + 1) : fewest;
    }
}
