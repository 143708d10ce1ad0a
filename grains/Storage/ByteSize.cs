using System.Globalization;

namespace FlowGrain.Storage;

/// <summary>A number of bytes as people write it: <c>200GB</c>, <c>1.5 TiB</c>, <c>4096</c>.</summary>
internal static class ByteSize
{
    private const string Prefixes = "KMGT";

    /// <summary>Reads it; kB, MB, GB and TB are powers of 1000, KiB to TiB of 1024, and the B may be left out.</summary>
    /// <returns>Null where it is no size.</returns>
    internal static long? Parse(string text)
    {
        var digits = text.TrimEnd([.. "BbIiKkMmGgTt "]);
        var unit = text[digits.Length..].Trim();
        var isNumber = double.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number);
        return isNumber && Factor(unit) is { } factor && number * factor < long.MaxValue ? (long)(number * factor) : null;
    }

    /// <summary>Like <c>3.2 GB</c>.</summary>
    internal static string Text(long bytes) => bytes switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.0} GB"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        >= 1_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        _ => $"{bytes} B",
    };

    private static double? Factor(string unit)
    {
        if (unit.EndsWith("b", StringComparison.OrdinalIgnoreCase)) unit = unit[..^1];
        if (unit == "") return 1;
        var power = Prefixes.IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1;
        return (power, unit[1..]) switch
        {
            (0, _) => null,
            (_, "") => Math.Pow(1000, power),
            (_, "i") => Math.Pow(1024, power),
            _ => null,
        };
    }
}
