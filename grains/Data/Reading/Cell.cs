using System.Globalization;

namespace FlowGrain.Data;

/// <summary>Reads one cell of a csv as a number.</summary>
internal static class Cell
{
    private static readonly string[] Missing = ["", "NA", "N/A", "NaN", "null", "none", "?"];

    /// <summary>The number; NaN for a missing value, an infinity for inf. False for text.</summary>
    internal static bool TryParse(ReadOnlySpan<char> text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) || TryWord(text.Trim(), out value);

    /// <summary>Whether the cell is a code such as 00501 rather than a quantity.</summary>
    internal static bool IsCode(ReadOnlySpan<char> text) =>
        text.Length > 1 && text[0] == '0' && !text.ContainsAnyExceptInRange('0', '9');

    /// <summary>Whether text is a number but for its comma, which stands for the decimal point.</summary>
    internal static bool HasDecimalComma(ReadOnlySpan<char> text) =>
        text.Count(',') == 1 && double.TryParse($"{text}".Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out _);

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

    private static bool IsMissing(ReadOnlySpan<char> word)
    {
        foreach (var missing in Missing)
            if (Is(word, missing)) return true;
        return false;
    }

    private static bool Is(ReadOnlySpan<char> word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
}
