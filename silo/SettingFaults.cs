using System.Text.Json;
using System.Text.RegularExpressions;

namespace FlowGrain.Silo;

/// <summary>What is wrong with settings, where it is .NET that finds it: its sentences name types of its own.</summary>
public static partial class SettingFaults
{
    /// <summary>The sentence for people; null for an exception of anything else. It has nothing of a file's content, which may be secret.</summary>
    /// <param name="error">What reading or binding settings threw.</param>
    public static string? Of(Exception error) => error switch
    {
        InvalidOperationException when NotConverted().Match(error.Message) is { Success: true } match =>
            $"{match.Groups["key"]} is '{Excerpt.Of(match.Groups["value"].Value)}'; it must be {Kind(match.Groups["type"].Value)}.",
        InvalidDataException when NotLoaded().Match(error.Message) is { Success: true } match => $"The settings in '{match.Groups["file"]}' cannot be read: {Reason(error)}; mend it there.",
        _ => null,
    };

    private static string Reason(Exception error) => error switch
    {
        JsonException { LineNumber: { } line } => $"it is no JSON at line {line + 1}",
        { InnerException: { } inner } => Reason(inner),
        _ => "it is no JSON object with each key once",
    };

    private static string Kind(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number, not too large",
        "System.Double" => "a number",
        "System.Boolean" => "true or false",
        "System.TimeSpan" => "a time such as 00:00:30",
        "System.Uri" => "a URL",
        _ => "of another kind",
    };

    // The binder's sentence, as .NET 10 has it; Nullable`1[…] stands around a setting that may be left out.
    [GeneratedRegex(@"^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']*)' to type '(?:System\.Nullable`1\[)?(?<type>[^'\],]*)", RegexOptions.Singleline)]
    private static partial Regex NotConverted();

    [GeneratedRegex("^Failed to load configuration from file '(?<file>.*)'", RegexOptions.Singleline)]
    private static partial Regex NotLoaded();
}
