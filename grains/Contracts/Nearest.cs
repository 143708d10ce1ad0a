namespace FlowGrain;

/// <summary>Finds the name that a mistyped one was meant to be.</summary>
public static class Nearest
{
    /// <summary>The closest candidate, or null when none is close.</summary>
    public static string? To(string typed, IEnumerable<string> candidates) => candidates
        .Select(name => (Name: name, Edits: Edits(typed, name)))
        .Where(candidate => candidate.Edits <= MostEdits(typed.TrimStart('-').Length))
        .OrderBy(candidate => candidate.Edits).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary><c>; did you mean X?</c>, or the given end of the sentence.</summary>
    public static string Hint(string typed, IEnumerable<string> candidates, string otherwise) =>
        To(typed, candidates) is { } name ? $"; did you mean {name}?" : otherwise;

    // Further apart, a suggestion is a guess; and half of a short name has to be right.
    private static int MostEdits(int length) => Math.Min(Math.Max(2, length / 3), length / 2);

    // Levenshtein: insertions, deletions and replacements, ignoring case.
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[b.Length];
    }
}
