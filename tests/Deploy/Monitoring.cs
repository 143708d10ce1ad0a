using System.Text.RegularExpressions;

namespace FlowGrain.Tests.Deploy;

/// <summary>The files of deploy/ that Prometheus and Grafana read.</summary>
internal static partial class Monitoring
{
    private static readonly string[] Labels = ["flowgrain_run", "flowgrain_model", "flowgrain_version"];

    internal static string Rules { get; } = In("prometheus/alerts.yml");

    internal static string RuleTests { get; } = In("prometheus/alerts.test.yml");

    internal static string Configuration { get; } = In("prometheus/prometheus.yml");

    internal static string[] Dashboards { get; } = [.. Directory.EnumerateFiles(In("grafana/dashboards"), "*.json").Order(StringComparer.Ordinal)];

    /// <summary>The names of the alerts, in the order of their file.</summary>
    internal static string[] Alerts() => [.. AlertName().Matches(File.ReadAllText(Rules)).Select(match => match.Groups[1].Value)];

    /// <summary>The rules without the times that they wait for, and with bars that any disk and any recovery is beyond.</summary>
    internal static string ImpatientRules() => Patience().Replace(File.ReadAllText(Rules), "")
        .Replace("le=~\"30(\\\\.0)?\"", "le=\"0.005\"", StringComparison.Ordinal)
        .Replace("< 0.1\n", "< 1\n", StringComparison.Ordinal);

    /// <summary>The metrics that an expression asks for.</summary>
    internal static IEnumerable<string> Metrics(string expression) => Name().Matches(expression).Select(match => match.Value).Distinct().Except(Labels);

    private static string In(string path) => Path.Combine(Repository.Root, "deploy", path);

    [GeneratedRegex(@"- alert: (\w+)")]
    private static partial Regex AlertName();

    [GeneratedRegex(@"^ +for: \w+\n", RegexOptions.Multiline)]
    private static partial Regex Patience();

    [GeneratedRegex(@"\b(?:flowgrain|orleans|dotnet)_\w+")]
    private static partial Regex Name();
}
