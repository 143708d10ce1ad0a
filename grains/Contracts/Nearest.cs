namespace FlowGrain;

/// <summary>Finds the name that a mistyped one was meant to be.</summary>
public static class Nearest
{
    /// <summary>The closest candidate, or null when none is close.</summary>
    public static string? To(string typed, IEnumerable<string> candidates)
    {
        var most = MostEdits(typed.AsSpan().TrimStart('-').Length);
        return candidates
            .Where(name => Math.Abs(name.Length - typed.Length) <= most) // which takes as many edits
            .Select(name => (Name: name, Edits: Edits(typed.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(candidate => candidate.Edits <= most)
            .OrderBy(candidate => candidate.Edits).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary><c>; did you mean X?</c>, or the given end of the sentence.</summary>
    public static string Hint(string typed, IEnumerable<string> candidates, string otherwise) =>
        To(typed, candidates) is { } name ? $"; did you mean {name}?" : otherwise;

    // Further apart, a suggestion is a guess; and half of a short name has to be right.
    private static int MostEdits(int length) => Math.Min(Math.Max(2, length / 3), length / 2);

    // Insertions, deletions, replacements and swaps of neighbours. A row has those from a beginning of a to every beginning of b; only three are looked at.
    private static int Edits(string a, string b)
    {
        var (beforeLast, last, row) = (new int[b.Length + 1], Enumerable.Range(0, b.Length + 1).ToArray(), new int[b.Length + 1]);
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++) row[j] = Fewest(a, b, i, j, row, last, beforeLast);
            (beforeLast, last, row) = (last, row, beforeLast);
        }

        return last[b.Length];
    }

    private static int Fewest(string a, string b, int i, int j, int[] row, int[] last, int[] beforeLast)
    {
        var replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        var fewest = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
        var isSwap = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
        return isSwap ? Math.Min(fewest, beforeLast[j - 2] + 1) : fewest;
    }
}
