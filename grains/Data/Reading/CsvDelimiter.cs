namespace FlowGrain.Data;

/// <summary>Finds the delimiter of a csv from its first lines.</summary>
internal static class CsvDelimiter
{
    private const int SampleLines = 20;

    // In this order: a tab or semicolon that is the same number on every line is no accident, a comma may be a decimal one.
    private static readonly char[] Candidates = ['\t', ';', ','];

    /// <summary>The delimiter that occurs equally often, outside quotes, on every sample line; else the most frequent of the first line.</summary>
    /// <param name="sample">The beginning of the file.</param>
    /// <param name="isWhole">Whether it is the whole file; if not, its last line was cut off and says nothing.</param>
    internal static char Of(string sample, bool isWhole)
    {
        var lines = Lines(isWhole ? sample + '\n' : sample).Take(SampleLines).ToList();
        if (lines.Count == 0) return ',';

        var first = lines[0];
        var steady = Array.FindIndex(first, count => count > 0);
        while (steady >= 0 && lines.Exists(line => line[steady] != first[steady]))
            steady = Array.FindIndex(first, steady + 1, count => count > 0);
        return Candidates[steady >= 0 ? steady : Array.LastIndexOf(first, first.Max())];
    }

    // For each line that is not blank, how often each candidate occurs in it outside quotes.
    private static IEnumerable<int[]> Lines(string sample)
    {
        var (counts, quoted, blank) = (new int[Candidates.Length], false, true);
        foreach (var letter in sample)
        {
            if (letter == '"') quoted = !quoted;
            if (!quoted && letter is ('\n' or '\r'))
            {
                if (!blank) yield return counts;
                (counts, blank) = (new int[Candidates.Length], true);
                continue;
            }

            blank &= char.IsWhiteSpace(letter);
            if (!quoted && Array.IndexOf(Candidates, letter) is >= 0 and var candidate) counts[candidate]++;
        }
    }
}
