using System.Globalization;

namespace FlowGrain.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Nats with three decimals, astronomic ones as powers of ten; a dash where there is no figure.</summary>
    internal static string Nats(double? value) => value is { } nats && double.IsFinite(nats)
        ? nats.ToString(Math.Abs(nats) < 1e6 ? "0.000" : "0.###e+0", Culture)
        : "–";

    /// <summary>A count with thousands separated.</summary>
    internal static string Count(double value) => value.ToString("#,0", Culture);

    /// <summary>A value in the units of the data, four or five digits.</summary>
    internal static string Value(double? value) => value is { } number ? number.ToString("G5", Culture) : "–";

    /// <summary>Like <c>7 rows/s</c>, <c>12.3k rows/s</c>, <c>1.2M rows/s</c>; a dash before there is any.</summary>
    internal static string Rate(double rowsPerSecond) => rowsPerSecond switch
    {
        not > 0 => "–",
        >= 1e6 => (rowsPerSecond / 1e6).ToString("0.0", Culture) + "M rows/s",
        >= 1e3 => (rowsPerSecond / 1e3).ToString("0.0", Culture) + "k rows/s",
        _ => rowsPerSecond.ToString("0", Culture) + " rows/s",
    };

    /// <summary>Like <c>812 B</c>, <c>12.3 kB</c>, <c>1.2 GB</c>.</summary>
    internal static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => (bytes / 1e9).ToString("0.0", Culture) + " GB",
        >= 1_000_000 => (bytes / 1e6).ToString("0.0", Culture) + " MB",
        >= 1_000 => (bytes / 1e3).ToString("0.0", Culture) + " kB",
        _ => $"{bytes} B",
    };

    /// <summary>Like <c>0:07</c>, <c>12:30</c>, <c>1:02:03</c>.</summary>
    internal static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0) return "–";
        var time = TimeSpan.FromSeconds(Math.Min(seconds, 1e9));
        return time.TotalHours >= 1
            ? string.Create(Culture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
            : string.Create(Culture, $"{time.Minutes}:{time.Seconds:00}");
    }

    /// <summary>Like <c>1 epoch</c> and <c>12.5 epochs</c>.</summary>
    internal static string Epochs(double count)
    {
        var text = count.ToString("0.#", Culture);
        return text == "1" ? "1 epoch" : $"{text} epochs";
    }

    /// <summary>Like <c>1 row</c> and <c>2,000 rows</c>.</summary>
    internal static string Of(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";
}
