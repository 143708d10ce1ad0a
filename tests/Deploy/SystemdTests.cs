using System.Text.RegularExpressions;
using static FlowGrain.Tests.Deploy.Deployment;

namespace FlowGrain.Tests.Deploy;

/// <summary>The unit of systemd, and the settings that the guide gives it.</summary>
public sealed partial class SystemdTests
{
    private const string Unit = "deploy/systemd/flowgrain.service";

    [Fact]
    public async Task Systemd_takes_the_unit()
    {
        using var folder = new TempFolder();
        var dotnet = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../..", "dotnet")); // of this machine, wherever it is
        folder.Write("flowgrain.service", File.ReadAllText(In(Unit)).Replace("/usr/bin/dotnet", dotnet, StringComparison.Ordinal));
        var said = await Run(folder.Path, "bash", "-c", "systemd-analyze verify --man=no ./flowgrain.service 2>&1"); // which warns of a value that it does not know, and ends with 0
        Assert.DoesNotContain("flowgrain.service", said);
    }

    [Fact]
    public async Task The_settings_of_the_guide_are_those_of_a_silo()
    {
        var unit = File.ReadAllText(In(Unit));
        var settings = File.ReadAllLines(In("deploy/systemd/silo.env")).Where(line => line != "" && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        Assert.Empty(await SiloEnvironment.Faults(settings));
        Assert.Contains($"\nReadWritePaths={settings["Storage__Root"]}\n", unit);
        Assert.Contains($"\nRequiresMountsFor={settings["Storage__Root"]}\n", unit);
        Assert.InRange(int.Parse(Timeout().Match(unit).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), 35, 120); // a silo ends within 30 s
    }

    [GeneratedRegex(@"\nTimeoutStopSec=(\d+)\n")]
    private static partial Regex Timeout();
}
