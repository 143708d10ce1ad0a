namespace FlowGrain.Data;

/// <summary>What delimits the cells of a csv, found from its first lines.</summary>
/// <param name="Letter">The character.</param>
/// <param name="IsAligned">Whether several of it stand for one: columns that are aligned by spaces.</param>
internal readonly record struct CsvDelimiter(char Letter, bool IsAligned = false)
{
    private const int SampleLines = 20;

    // In this order: a tab, semicolon or bar that is the same number on every line is no accident, a comma may be a decimal one.
    private static readonly char[] Usual = ['\t', ';', '|', ','];
    private static readonly char[] Rare = ['\u0001', '\u0014', '\u001c', '\u001d', '\u001e', '\u001f', '^', '~', '!', '#', '&', '*', '@', '\\', ':', ' ']; // Hive's and ASCII's own among them
    private static readonly char[] Candidates = [.. Usual, .. Rare];

    /// <summary>
    /// The delimiter that occurs equally often, outside quotes, on every sample line; else the most frequent of the first line.
    /// The rare ones only in a file without any of the others, whose lines are no times either.
    /// </summary>
    /// <param name="sample">The beginning of the file.</param>
    /// <param name="isWhole">Whether it is the whole file; if not, its last line was cut off and says nothing.</param>
    internal static CsvDelimiter Of(string sample, bool isWhole)
    {
        var lines = Lines(isWhole ? sample + '\n' : sample).Take(SampleLines).ToList();
        if (lines.Count == 0) return new(',');

        var isRare = lines.TrueForAll(line => !line.AsSpan(0, Usual.Length).ContainsAnyExcept(0)) && !HoldsTimes(sample);
        foreach (var candidate in Enumerable.Range(0, isRare ? Candidates.Length : Usual.Length))
        {
            if (Candidates[candidate] == ' ' && AreAligned(sample, isWhole)) return new(' ', IsAligned: true);
            if (IsRegular(lines, candidate, sample)) return new(Candidates[candidate]);
        }

        return new(Usual[Array.LastIndexOf(lines[0], lines[0][..Usual.Length].Max(), Usual.Length - 1)]);
    }

    private static bool IsRegular(List<int[]> lines, int candidate, string sample) =>
        lines[0][candidate] >= Least(candidate, sample) && lines.TrueForAll(line => line[candidate] == lines[0][candidate]);

    /// <summary>Whether the lines have equally many cells once one space stands for several.</summary>
    private static bool AreAligned(string sample, bool isWhole)
    {
        var single = new SingleSpaces(new StringReader(isWhole ? sample + '\n' : sample)).ReadToEnd();
        var lines = Lines(single).Take(SampleLines).ToList();
        return single.TrimEnd() != sample.TrimEnd() && lines.Count > 0 && IsRegular(lines, Array.IndexOf(Candidates, ' '), single);
    }

    /// <summary>How often a candidate has to stand in a line: one space or colon between figures alone may be that of 1 234 or 12:30.</summary>
    private static int Least(int candidate, string sample) => Candidates[candidate] is ' ' or ':' && !FirstLine(sample).Any(char.IsLetter) ? 2 : 1;

    private static bool HoldsTimes(string sample) => sample.Split('\n').Take(SampleLines).Any(line => Cell.TryParseDate(line, out _));

    private static string FirstLine(string sample) => sample.TrimStart().Split('\n')[0];

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
