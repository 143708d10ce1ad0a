using System.Diagnostics;
using FlowGrain.Tests.Docs;

namespace FlowGrain.Tests.Deploy;

/// <summary>The alerts, on series that promtool makes up.</summary>
public sealed class AlertTests
{
    public static TheoryData<string> Names => [.. Monitoring.Alerts()];

    [Fact]
    public void Each_fires_when_its_time_has_come_and_not_before_and_a_healthy_cluster_is_left_alone() => Promtool("test", "rules", Monitoring.RuleTests);

    [Fact]
    public void Prometheus_takes_the_files() => Promtool("check", "config", Monitoring.Configuration); // and the rules that it names

    [Theory, MemberData(nameof(Names))]
    public void Each_is_provoked_in_its_test_and_explained_in_the_manual(string alert)
    {
        Assert.Contains($"alertname=\"{alert}\"", File.ReadAllText(Monitoring.RuleTests));
        Assert.Contains(Document.Read("docs/operations.md").Sections.SelectMany(section => section.Lines), line => line.StartsWith($"| `{alert}` | ", StringComparison.Ordinal));
    }

    [Fact]
    public void Each_says_what_it_means_and_what_to_do()
    {
        var rules = File.ReadAllText(Monitoring.Rules).Split("- alert: ")[1..];
        Assert.All(rules, rule =>
        {
            Assert.Contains("summary: \"", rule);
            Assert.Matches("description: \".{80,}\"", rule);
            Assert.Matches("severity: (critical|warning|info)", rule);
        });
    }

    private static void Promtool(params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = promtool.StandardOutput.ReadToEnd();
        promtool.WaitForExit();
        Assert.True(promtool.ExitCode == 0, output + errors.Result);
    }
}
