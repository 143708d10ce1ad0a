using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace FlowGrain.Cli.Options;

/// <summary>Options that take a time such as <c>10m</c>.</summary>
internal static class Durations
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30); // timers end at 49 days

    internal static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "90s|10m|2h",
        CustomParser = result => Parse(result, name),
    };

    private static TimeSpan? Parse(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (Read(text) is { } time && time > TimeSpan.Zero && time <= Longest) return time;
        result.AddError($"{name} is {text}; give a time such as 90s, 10m or 2h, at most {Longest.TotalHours}h.");
        return null;
    }

    private static TimeSpan? Read(string text)
    {
        var unit = text switch { [.., 's'] => 1, [.., 'm'] => 60, [.., 'h'] => 3600, _ => double.NaN };
        var isNumber = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count);
        return isNumber && unit * count <= TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(unit * count) : null;
    }
}
