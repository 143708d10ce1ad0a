using System.Globalization;

namespace FlowGrain.Bench.Serving;

/// <summary>How a soak is run.</summary>
/// <param name="Time">How long.</param>
/// <param name="Json">Whether figures are printed as JSON.</param>
internal sealed record SoakOptions(TimeSpan Time, bool Json)
{
    private const double Minutes = 10;

    /// <summary>What the command line says; null where it says something else.</summary>
    internal static SoakOptions? Of(string[] words) => words switch
    {
        [] => new(TimeSpan.FromMinutes(Minutes), Json: false),
        ["--json", .. var rest] => Of(rest) is { } options ? options with { Json = true } : null,
        ["--minutes", var minutes, .. var rest] when double.TryParse(minutes, CultureInfo.InvariantCulture, out var time) && time > 0 => Of(rest) is { } options ? options with { Time = TimeSpan.FromMinutes(time) } : null,
        _ => null,
    };
}
