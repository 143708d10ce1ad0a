using System.Globalization;

namespace FlowGrain.Data;

/// <summary>Days since 1970-01-01 UTC as the dates that they stand for.</summary>
public static class DateText
{
    private const double MicrosecondsOfDay = 86_400e6; // float64 holds the days of our time to a third of a microsecond

    /// <summary>The moment; null for what lies in none of the years 1 to 9999.</summary>
    public static DateTime? Moment(double days)
    {
        var microseconds = Math.Round(days * MicrosecondsOfDay);
        return microseconds >= First && microseconds <= Last ? DateTime.UnixEpoch.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond) : null;
    }

    /// <summary>A date such as 2001-01-31, or a moment such as 2001-01-31T12:30:00Z; null as of <see cref="Moment"/>.</summary>
    /// <param name="days">The days.</param>
    /// <param name="isWhole">Whether a date is enough: the table has no times of day.</param>
    public static string? Of(double days, bool isWhole) =>
        Moment(days)?.ToString(isWhole ? "yyyy-MM-dd" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads a date or a moment as a table may have it; false for what is none.</summary>
    public static bool TryParse(string text, out double days) => Cell.TryParseDate(text, out days);

    private static double First => (DateTime.MinValue - DateTime.UnixEpoch).TotalMicroseconds;

    private static double Last => Math.Floor((DateTime.MaxValue - DateTime.UnixEpoch).TotalMicroseconds);
}
