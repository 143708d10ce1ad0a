using System.Globalization;

namespace FlowGrain.Data;

/// <summary>Reads one cell of a csv as a number.</summary>
internal static class Cell
{
    private static readonly string[] DateFormats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd HH:mmK"];
    private const int MostDigits = 15; // so many make a whole number that float64 holds
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]; // which it holds too

    private static readonly string[] Missing = ["", "NA", "N/A", "NaN", "null", "none", "?"];

    /// <summary>The number; NaN for a missing value, an infinity for inf. False for text.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out double value) =>
        TryDecimal(text, out value) || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || TryWord(text.Trim(), out value);

    /// <summary>A cell of a column whose first value decides whether it holds numbers or dates.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="kind">What the column holds; set by its first value.</param>
    /// <param name="value">Its number, of a date the days since 1970-01-01 UTC; NaN for a missing value.</param>
    /// <returns>False for text, and for what is of the other kind.</returns>
    internal static bool TryParse(ReadOnlySpan<char> cell, ref CellKind kind, out double value)
    {
        if (TryParse(cell, out value))
        {
            if (double.IsNaN(value)) return true;
            if (kind == CellKind.Unknown) kind = CellKind.Number;
            return kind == CellKind.Number;
        }

        if (kind == CellKind.Number || !TryParseDate(cell, out value)) return false;
        kind = CellKind.Date;
        return true;
    }

    /// <summary>A date such as 2001-01-31, or a time such as 2001-01-31T12:30:00Z or 2001-01-31 12:30:00, in days since 1970-01-01 UTC.</summary>
    internal static bool TryParseDate(ReadOnlySpan<char> cell, out double days)
    {
        const DateTimeStyles Styles = DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

        cell = cell.Trim();
        days = double.NaN;
        if (cell.Length < 10 || cell[4] != '-' || !DateTime.TryParseExact(cell, DateFormats, CultureInfo.InvariantCulture, Styles, out var date)) return false;
        days = (date - DateTime.UnixEpoch).TotalDays;
        return true;
    }

    /// <summary>Whether the cell is a code such as 00501 rather than a quantity.</summary>
    internal static bool IsCode(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[0] == '0' && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Whether text is a number but for its comma, which stands for the decimal point.</summary>
    internal static bool HasDecimalComma(ReadOnlySpan<char> text) =>
        text.Count(',') == 1 && double.TryParse($"{text}".Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>
    /// Reads what nearly all cells are: a sign, at most fifteen digits, and a point among them. Both the digits and the power of
    /// ten are exact, so their quotient is the nearest float64, as the framework gives it in three times the time.
    /// </summary>
    /// <remarks>Source: Clinger 1990, "How to Read Floating Point Numbers Accurately", https://doi.org/10.1145/93542.93557.</remarks>
    private static bool TryDecimal(ReadOnlySpan<char> text, out double value)
    {
        var (digits, count, decimals, point) = (0L, 0, 0, 0);
        foreach (var letter in text is ['-', ..] ? text[1..] : text)
        {
            var digit = (uint)(letter - '0');
            if (digit <= 9) (digits, count, decimals) = (digits * 10 + digit, count + 1, decimals + point);
            else if (letter == '.' && point == 0) point = 1;
            else count = MostDigits + 1;
            if (count > MostDigits) break;
        }

        value = count is > 0 and <= MostDigits ? digits / Powers[decimals] : 0;
        if (text is ['-', ..]) value = -value;
        return count is > 0 and <= MostDigits;
    }

    private static bool TryWord(ReadOnlySpan<char> word, out double value)
    {
        value = word switch
        {
            _ when Is(word, "inf") || Is(word, "+inf") => double.PositiveInfinity,
            _ when Is(word, "-inf") => double.NegativeInfinity,
            _ => double.NaN,
        };
        return double.IsInfinity(value) || IsMissing(word);
    }

    /// <summary>Whether the cell says that there is no value.</summary>
    internal static bool IsMissing(ReadOnlySpan<char> cell)
    {
        var word = cell.Trim();
        foreach (var missing in Missing)
            if (Is(word, missing)) return true;
        return false;
    }

    private static bool Is(ReadOnlySpan<char> word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a column of a csv holds.</summary>
internal enum CellKind
{
    /// <summary>It has had no value yet.</summary>
    Unknown,

    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Dates and times.</summary>
    Date,
}
