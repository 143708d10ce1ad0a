using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;
using static FlowGrain.Tests.Deploy.Deployment;

namespace FlowGrain.Tests.Deploy;

/// <summary>docker-compose.yml, alone and with keys, as docker-compose reads it.</summary>
public sealed partial class ComposeTests
{
    private static readonly string[] BesideIt = ["tables", "keys.json"]; // which its reader makes
    private static readonly ConcurrentDictionary<string, Task<YamlMappingNode>> Merged = [];

    public static TheoryData<string> Ways => ["docker-compose.yml", "docker-compose.yml deploy/compose/keys.yml"];

    [Theory, MemberData(nameof(Ways))]
    public async Task What_it_mounts_is_there_and_what_it_takes_has_a_version(string files)
    {
        var compose = await Read(files);
        Assert.All(compose.Entries("services"), service =>
        {
            Assert.All(service.Value.Items("volumes").Select(mount => $"{mount}".Split(':')[0]), source =>
                Assert.True(!Path.IsPathRooted(source) ? compose.Entries("volumes").ContainsKey(source) : Path.Exists(source) || BesideIt.Contains(Path.GetFileName(source)), source));
            Assert.True(IsPinned($"{service.Value["image"]}"), $"{service.Value["image"]}");
        });
        Assert.All(Silos(compose), silo => Assert.Equal($"flowgrain:{Release}", $"{silo["image"]}"));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Nothing_is_open_to_other_machines(string files)
    {
        var compose = await Read(files);
        Assert.All(compose.Entries("services").Values.SelectMany(service => service.Items("ports")), port => Assert.StartsWith("127.0.0.1:", $"{port}", StringComparison.Ordinal));
        Assert.All(Silos(compose), silo => Assert.DoesNotContain(silo.Items("ports"), port => $"{port}".EndsWith(":11111/tcp", StringComparison.Ordinal) || $"{port}".EndsWith(":30000/tcp", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Silos_take_their_settings(string files)
    {
        var silos = Silos(await Read(files));
        Assert.Equal(3, silos.Count);
        foreach (var silo in silos)
        {
            var variables = Dockerfile.Read().Environment.Concat(silo.Entries("environment").Select(variable => KeyValuePair.Create(variable.Key, $"{variable.Value}")));
            Assert.Empty(await SiloEnvironment.Faults(variables));
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Silos_write_to_the_shared_volume_and_tmp_alone_and_have_time_to_end(string files)
    {
        var silos = Silos(await Read(files));
        Assert.All(silos, silo =>
        {
            Assert.Equal(("true", "ALL", "/tmp"), ($"{silo["read_only"]}", $"{silo["cap_drop"][0]}", $"{silo["tmpfs"][0]}"));
            Assert.Contains(silo.Items("volumes"), mount => $"{mount}" == "flowgrain:/data:rw");
            Assert.InRange(int.Parse($"{silo["stop_grace_period"]}".TrimEnd('s'), CultureInfo.InvariantCulture), 35, 120); // a silo ends within 30 s
            Assert.Equal($"{silo["environment"]["Silo__Address"]}", $"{silo["networks"]["silos"]["ipv4_address"]}");
        });
        Assert.Equal(3, silos.Select(silo => $"{silo["environment"]["Silo__Address"]}").Distinct().Count());
    }

    [Fact]
    public async Task Whoever_is_named_is_a_service()
    {
        var compose = await Read("docker-compose.yml");
        var services = compose.Entries("services").Keys.ToList();
        string[] files = ["deploy/compose/prometheus.yml", "deploy/compose/datasources.yml", "deploy/otel-collector/otel-collector.yml"];
        var hosts = files.Select(file => File.ReadAllText(In(file))).Append(string.Join('\n', Silos(compose)[0].Entries("environment").Values))
            .SelectMany(text => Host().Matches(text)).Select(match => match.Groups[1].Value).Where(host => host != "0.0.0.0").Distinct().ToList();
        Assert.Equal(["jaeger", "otel-collector", "prometheus", "redis", "silo-1", "silo-2", "silo-3"], hosts.Order(StringComparer.Ordinal));
        Assert.All(hosts, host => Assert.Contains(host, services));
    }

    [Fact]
    public async Task Prometheus_takes_its_configuration()
    {
        using var folder = new TempFolder();
        foreach (var file in (string[])["deploy/compose/prometheus.yml", "deploy/prometheus/alerts.yml"]) File.Copy(In(file), folder.In(Path.GetFileName(file)));
        await Run(folder.Path, "promtool", "check", "config", "prometheus.yml");
    }

    /// <summary>What docker-compose makes of files, asked once: it takes a second.</summary>
    private static Task<YamlMappingNode> Read(string files) => Merged.GetOrAdd(files, Merge);

    private static async Task<YamlMappingNode> Merge(string files) =>
        Yaml(await Run(Repository.Root, "docker-compose", [.. files.Split(' ').SelectMany(file => new[] { "-f", file }), "config"]));

    private static List<YamlNode> Silos(YamlNode compose) => [.. compose.Entries("services").Where(service => service.Key.StartsWith("silo-", StringComparison.Ordinal)).Select(service => service.Value)];

    [GeneratedRegex(@"([a-z0-9.-]*[a-z0-9]):\d{4,5}\b")]
    private static partial Regex Host();
}
